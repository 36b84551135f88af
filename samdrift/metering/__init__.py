"""Meters, their registry and the aggregation of readings, with gaps explicit."""
