"""Checks of TLS and of what the web says of itself."""
