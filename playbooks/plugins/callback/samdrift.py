# The member-span guard and the audit record around every run; what may run is judged in samdrift/plays/guard.py.
# Callbacks run in ansible's main process. An exception here would only be a warning, so a refusal ends the process itself.
from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from ansible import context
from ansible.plugins.callback import CallbackBase
from ansible.template import Templar

DOCUMENTATION = r"""
name: samdrift
type: aggregate
short_description: Refuses a run that touches members not named, and records every run
description:
  - Ends ansible with 4 before the first task when C(samdrift_members) does not name every member that a host serves.
  - Writes one record before the first task and one at the end into samdrift's audit chain (store by C(SAMDRIFT_STORE)).
"""
EXIT_GUARD = 4


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "samdrift"

    def __init__(self):
        super().__init__()
        self.playbook = None
        self.plays = []
        self.started = None
        self.run_id = None
        self.store = None
        self.served = {}
        self.begun = time.monotonic()

    # --- what ansible calls
    def v2_playbook_on_start(self, playbook):
        self.playbook = Path(getattr(playbook, "_file_name", None) or "ad-hoc")
        get_plays = getattr(playbook, "get_plays", None)
        if get_plays is not None and self.playbook.name != "__adhoc_playbook__":
            self._begin(list(get_plays()))

    def v2_playbook_on_play_start(self, play):
        if self.started is None:  # ad-hoc: its one play is known only now
            self._begin([play])

    def v2_playbook_on_stats(self, stats):
        if self.run_id is None:
            return
        hosts = {}
        for host in sorted(stats.processed):
            one = stats.summarize(host)
            hosts[host] = {
                "ok": one["ok"],
                "changed": one["changed"],
                "failed": one["failures"],
                "unreachable": one["unreachable"],
            }
        self._say_outcomes(hosts)
        try:
            from samdrift.operations.record_play import record_end

            record_end(
                self.store, self.run_id, self.started, hosts, int(time.monotonic() - self.begun), at=datetime.now(UTC)
            )
        except Exception as error:  # noqa: BLE001 - the work is done; a start without end is what the record shows
            self._display.error(f"samdrift: the end of this run is not recorded: {error}")

    def _say_outcomes(self, hosts):
        from samdrift.plays.outcomes import outcome_lines

        for line in outcome_lines(self.served, hosts):
            self._display.display(f"samdrift: {line}", stderr=True)  # a JSON on stdout stays one

    # --- the guard
    def _begin(self, plays):
        root = str(Path(__file__).resolve().parents[3])
        if root not in sys.path:
            sys.path.append(root)
        try:
            self._guard(plays)
        except SystemExit:
            raise
        except BaseException as error:  # noqa: BLE001 - anything that stops the guard or its record stops the run
            lines = error.lines() if hasattr(error, "lines") else [f"{type(error).__name__}: {error}"]
            self._end([f"samdrift: {line}" for line in lines])

    def _guard(self, plays):
        from samdrift.operations.open_store import open_store
        from samdrift.operations.record_play import describe, record_refusal, record_start
        from samdrift.plays.guard import PlayFacts, Span, refusals

        given = context.CLIARGS
        variables = plays[0].get_variable_manager() if plays else None
        extra = dict(variables.extra_vars) if variables else {}
        inventory = variables._inventory if variables else None  # noqa: SLF001 - the only way from a play to its inventory
        span = Span(_text(extra.get("samdrift_members")), _text(extra.get("samdrift_change")))
        facts = (
            [PlayFacts(str(play.get_name()), self._hosts(play, inventory, extra)) for play in plays]
            if span.members
            else []
        )
        tags = tuple(str(tag) for tag in given.get("tags") or ("all",))
        self.served = {host: served for fact in facts for host, served in fact.hosts.items()}
        members = {member for fact in facts for served in fact.hosts.values() for member in served}
        start = describe(
            self.playbook,
            plays=tuple(fact.name for fact in facts),
            members=tuple(sorted(members)),
            hosts=tuple(sorted({host for fact in facts for host in fact.hosts})),
            limit=_text(given.get("subset")),
            tags=tags,
            check=bool(given.get("check")),
            extra_variables=tuple(sorted(extra)),
            change=span.change,
            approver=_text(extra.get("samdrift_approver")),
        )
        self.store = open_store(os.environ.get("SAMDRIFT_STORE"), create=True)
        looks_only = tags == ("read",) or self._reads_only()
        reasons = () if looks_only else refusals(span, facts, self._known(inventory))
        if reasons:
            record_refusal(self.store, start, reasons, at=datetime.now(UTC))
            self._end([f"samdrift refuses: {reason}" for reason in reasons])
        self.run_id = record_start(self.store, start, at=datetime.now(UTC))
        self.started = start

    def _reads_only(self):
        from samdrift.plays.head import read_head

        try:
            return read_head(self.playbook.stem, self.playbook.read_text(encoding="utf-8")).reads_only
        except (OSError, ValueError):
            return False

    def _hosts(self, play, inventory, extra):
        pattern = Templar(loader=play.get_loader(), variables=extra).template(play.hosts)
        return {host.name: self._served(host) for host in inventory.get_hosts(pattern)}

    @staticmethod
    def _served(host):
        owners = {str(owner) for owner in host.vars.get("samdrift_owners", ())}
        served = {
            group.name.removeprefix("serves_").replace("_", "-")
            for group in host.get_groups()
            if group.name.startswith("serves_")
        }
        return frozenset(owners | served)

    @staticmethod
    def _known(inventory):
        named = {
            group.removeprefix("serves_").replace("_", "-") for group in inventory.groups if group.startswith("serves_")
        }
        return named | {
            str(owner) for host in inventory.hosts.values() for owner in host.vars.get("samdrift_owners", ())
        }

    def _end(self, lines):
        for line in lines:
            sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
        sys.stdout.flush()
        os._exit(EXIT_GUARD)


def _text(value):
    return None if value is None else str(value)
