"""Duties and deadlines of law, and the time line of an incident."""
