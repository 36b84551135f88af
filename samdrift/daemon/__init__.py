"""What runs for long: scheduler, exporter, service discovery, webhooks and pages."""
