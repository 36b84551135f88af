"""Checks of IPv6."""
