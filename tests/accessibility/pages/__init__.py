"""Page types of the gate, a file each: `variants(language)` gives the bytes of the page with full, empty, stale and faulty data."""
