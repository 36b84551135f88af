"""What a zone shows the world beside its name servers: its web and its mail, as they were met."""
