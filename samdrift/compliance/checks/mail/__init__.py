"""Checks of mail."""
