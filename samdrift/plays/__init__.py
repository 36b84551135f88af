"""Batches by redundancy, windows and freezes, and the rule of the member-span guard."""
