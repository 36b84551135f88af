"""Figures: each beside a peer in the same run on the same machine (craft.md 29-31)."""
