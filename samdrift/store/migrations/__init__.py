"""Alembic migrations; each file is one, and none changes after its release."""
