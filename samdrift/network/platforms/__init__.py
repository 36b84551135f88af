"""The platforms: one file each, read as a folder (playbooks.md N2, N3)."""
