"""Hostile input, secrets, members apart: `make security`, a sample of it in `make test`."""
