"""The accessibility gate: axe-core in Debian's Chromium over every page type (interface.md 7)."""
