"""Data to bytes, the same bytes each time: HTML, PDF, XLSX, CSV, JSON."""
