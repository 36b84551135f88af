"""The command line's frame: what every command shares, so that a command's file holds the command alone."""
