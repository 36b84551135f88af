"""Viewer row: who may read, beside the implicit viewer that each member has (reliability.md 5)."""

from __future__ import annotations

from samdrift.model.fields import Id, Noun, Ref
from samdrift.model.nouns import NounSpec
from samdrift.model.viewer import Role


class ViewerRow(Noun):
    """A web user is a viewer of the same id."""

    id: Id
    """The viewer's id, also of a web user. For example: are-ekonom"""
    role: Role
    """What it may read. For example: member"""
    members: tuple[Ref, ...] = ()
    """The members that it reads for. For example: are"""


NOUN = NounSpec("viewers", "viewer", ViewerRow)
