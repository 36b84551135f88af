"""The words of jobs and runs."""

TEXTS = {
    "jobs.job": ("Jobb", "Job"),
    "jobs.schedule": ("Schema (UTC)", "Schedule (UTC)"),
    "jobs.next-due": ("Nästa", "Next"),
    "jobs.missed": ("Missade", "Missed"),
    "jobs.last-outcome": ("Senast", "Last"),
    "jobs.last-started": ("Senaste start", "Last start"),
    "jobs.lock": ("Pågår hos", "Running at"),
    "jobs.run": ("Körning", "Run"),
    "jobs.period": ("Period", "Period"),
    "jobs.outcome": ("Utfall", "Outcome"),
    "jobs.counts": ("Antal", "Counts"),
    "jobs.reasons": ("Skäl", "Reasons"),
}
