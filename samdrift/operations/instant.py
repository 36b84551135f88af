"""The clock, for the floors that may not reach an adapter."""

from __future__ import annotations

from samdrift.adapters.clock import now

__all__ = ["now"]
