"""Faults of the lab, one a file: a sentence, the usual place, and a switch that says what it did."""
