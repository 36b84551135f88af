"""Power chain, capacity, energy and the impact of losing or maintaining something."""
