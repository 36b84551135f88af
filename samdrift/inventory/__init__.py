"""Text to model: the inventory's YAML with places and limits, its schema, cross-rules, groups and difference."""
