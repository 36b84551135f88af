"""Build the backup agent: the few files of this package that a host needs, as one zip that its own Python runs; the same bytes for the same code."""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files
from pathlib import Path

from samdrift.adapters.files import write_whole

CARRIED = (
    "adapters/clock.py",
    "adapters/file_samples.py",
    "adapters/kept_hashes.py",
    "adapters/limits.py",
    "adapters/pg_dump.py",
    "adapters/pg_load.py",
    "adapters/pipe.py",
    "adapters/process.py",
    "adapters/rest_repository.py",
    "adapters/restic.py",
    "adapters/source_tree.py",
    "model/anomaly.py",
    "model/backup_job.py",
    "model/backup_run.py",
    "model/database.py",
    "model/errors.py",
    "model/manifest.py",
    "model/period.py",
    "model/restore_job.py",
    "model/run.py",
    "model/snapshot.py",
    "model/sql_script.py",
    "operations/back_up_here.py",
    "operations/dump_here.py",
    "operations/load_here.py",
    "operations/read_back.py",
    "operations/restore_here.py",
    "operations/run_hooks.py",
)
"""Standard library only; a test runs the zip without any installed package."""
MAIN = b'''"""The backup agent of samdrift: backs up, or with the word restore restores."""

import sys

from samdrift.operations import back_up_here, restore_here

sys.exit(restore_here.main() if sys.argv[1:] == ["restore"] else back_up_here.main())
'''
EPOCH = (1980, 1, 1, 0, 0, 0)


def agent_bytes() -> bytes:
    """The zip's bytes."""
    packages = sorted({"", *(f"{Path(name).parent}/" for name in CARRIED)})
    content = {f"samdrift/{package}__init__.py": b"" for package in packages}
    content |= {f"samdrift/{name}": files("samdrift").joinpath(name).read_bytes() for name in CARRIED}
    content["__main__.py"] = MAIN
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(content.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def build_backup_agent(into: Path) -> bool:
    """Write the agent where it is not the same already; True when written."""
    data = agent_bytes()
    if into.is_file() and into.read_bytes() == data:
        return False
    write_whole(into, data)
    return True
