"""Allocation keys, exact allocation, tariffs, closing, corrections and savings."""
