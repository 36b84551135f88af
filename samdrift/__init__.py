"""samdrift: the joint operation of a region's members, from inventory to invoice."""

__version__ = "0.1.0"
