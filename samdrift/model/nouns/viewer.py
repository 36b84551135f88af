"""Viewer row: who may read, beside the implicit viewer that each member has (reliability.md 5)."""

from __future__ import annotations

from samdrift.model.fields import Id, Noun, Ref
from samdrift.model.nouns import NounSpec
from samdrift.model.viewer import Role


class ViewerRow(Noun):
    """A web user is a viewer of the same id."""

    id: Id
    role: Role
    members: tuple[Ref, ...] = ()


NOUN = NounSpec("viewers", "viewer", ViewerRow)
