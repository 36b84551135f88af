"""Every function that reads stored rows takes a viewer, or stands here with the reason why it needs none."""

from __future__ import annotations

import importlib
import inspect

from tests.contracts.folders import PACKAGE

STORE = PACKAGE / "store"
WRITES = ("add", "append", "appear", "close_", "end_", "keep", "prune", "put", "record", "replace", "start_", "take", "vanish", "write_")
"""How the name of a function begins that changes something; what it gives back is of its own work."""
WITHOUT = {
    "audit.verify": "a verdict over digests; it gives no field of an entry but the head's instant",
    "backups.note_slice": "notes that a slice was read: it writes",
    "closes.changed_closes": "names of closes that were touched, which hold digests alone",
    "closes.closes": "closes hold digests and are open to all members (common.md 6)",
    "closes.last_close": "as closes",
    "collections.all_marks": "instants, for whoever collects",
    "collections.collected_until": "as collections.all_marks",
    "engine.require_durable": "settings of the server",
    "migrate.upgrade": "makes tables",
    "migrate.version": "the schema's version",
    "raw.changed_among": "paths and digests of parts that a close froze",
    "raw.manifest": "paths and digests of parts, for a close",
    "raw.place_of": "where a part lies",
    "raw.changed_parts": "paths and digests of parts; operations alone verifies them",
    "raw.digests": "paths and digests of parts, for a close",
    "raw.newest_at": "an instant, for whoever collects",
    "raw.part_count": "a number",
    "raw.parts": "paths of parts, for the roll-up, whose rows are read with a viewer",
    "sample_rows.sample_rows": "readings of the resources that the caller chose from the viewer's own line",
    "usage.owners": "whose a resource is decides what a viewer sees",
}


def readers():
    """`file.function` of every public function of the store that takes a connection and is no writer."""
    for path in sorted(STORE.glob("*.py")):
        module = importlib.import_module(f"samdrift.store.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            parameters = inspect.signature(inspect.unwrap(function)).parameters
            if own and "connection" in parameters and not name.startswith(WRITES):
                yield f"{path.stem}.{name}", parameters


def test_every_stored_read_takes_a_viewer_by_name():
    missing = [
        name
        for name, parameters in readers()
        if name not in WITHOUT and ("viewer" not in parameters or parameters["viewer"].kind is not inspect.Parameter.KEYWORD_ONLY)
    ]
    assert not missing, "these read the store without `*, viewer: Viewer`, or belong with a reason in this file:\n" + "\n".join(missing)


def test_no_reason_stands_for_a_function_that_is_gone():
    known = {name for name, _ in readers()}
    gone = [name for name in WITHOUT if name not in known]
    assert not gone, "\n".join(gone)
