"""The allocation keys, one a file."""
