"""Policy, freshness, retention, copies, drill and anomaly of backups."""
