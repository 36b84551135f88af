"""A group whose first word may be left out: `backup snapshots ID` is `backup snapshots show ID`."""

from __future__ import annotations

from difflib import get_close_matches

import click


class DefaultGroup(click.Group):
    """What is no verb of the group, nor nearly one, goes to its verb `default`."""

    default = "show"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert the default verb where none is named; `--help` alone is the group's own."""
        words = [one for one in args if not one.startswith("-")]
        if "--help" not in args and not (words and get_close_matches(words[0], self.commands, n=1, cutoff=0.8)):
            args = [self.default, *args]
        return super().parse_args(ctx, args)


class ListGroup(DefaultGroup):
    """Its default verb is `list`."""

    default = "list"
