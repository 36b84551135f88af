"""Checks of backups: one file each."""
