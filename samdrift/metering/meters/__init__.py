"""The shipped meters, one a file."""
