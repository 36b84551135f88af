"""What other checkers test, and which of it is done here: generated into docs/reference/coverage.md (dns.md D15)."""
