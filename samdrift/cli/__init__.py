"""The command line, a file a noun: parse, call one operation, print."""
