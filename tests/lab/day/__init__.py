"""The service's day: what `make run` goes through on the lab's real parts, step by step (lab.md 8)."""
