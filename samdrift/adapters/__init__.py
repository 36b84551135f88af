"""All input and output, one outside thing a file."""
