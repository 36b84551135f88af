"""Kills and failing disks: what was acknowledged stays, the rest is said aloud (`make crash`; a sample in `make test`)."""
