"""Reports: Section and Table values laid out as bytes, the same bytes for the same report."""
