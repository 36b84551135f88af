"""Checks of delegations."""
