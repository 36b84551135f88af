"""The checks of what members publish and owe, a folder a category."""
