"""Commands of the lab, one a file."""
