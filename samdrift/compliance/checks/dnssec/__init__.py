"""Checks of DNSSEC."""
