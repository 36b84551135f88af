"""Metering: from raw readings to daily and monthly usage by declared rules; gaps, resets and duplicates are explicit."""
