"""DNS as the program speaks of it: names, messages, records, and what was observed of a zone (RFC 1035, 4034, 9499)."""
