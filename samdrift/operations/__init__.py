"""Use cases, one a file, where rooms meet adapters and store by plain arguments."""
