"""Checks of contracts."""
