"""Checks of name servers."""
