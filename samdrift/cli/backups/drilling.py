"""`backup drill` and `backup proof`: restores carried out, and what they proved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from samdrift.cli.backups.asking import acting, columns
from samdrift.cli.context import Context, pass_context
from samdrift.model.drill_proof import DrillProof
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK


@click.command()
@click.argument("backup_id", metavar="ID")
@click.option("--level", type=click.IntRange(1, 5), default=3, show_default=True, help="1 listed, 2 sample of files, 3 whole, 4 databases, 5 a service with all it depends on.")
@click.option("--site", help="Where to restore from; by default the disaster site.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the sample of level 2.")
@pass_context
def drill(context: Context, backup_id: str, level: int, site: str | None, seed: int) -> None:
    """Restore into scratch and compare with the source's manifest; 1 not passed, 3 could not be held. ID: a backup's; at level 5 a service's too.

    \b
    Examples:
      samdrift backup drill samdrift-store --level 3
      samdrift backup drill bookit --level 5 --site hall-are
    """
    from samdrift.operations.drill_restore import drill_restore
    from samdrift.operations.rehearse_services import LEVEL, rehearse_services

    inventory = acting(context)
    with context.open_store(create=True) as store:
        if level == LEVEL:
            proofs = rehearse_services(inventory, store, backup_id, viewer=context.viewer, site=site, seed=seed)
        else:
            proofs = (drill_restore(inventory, store, backup_id, level=level, viewer=context.viewer, site=site, seed=seed),)
    _proofs(context, [_drilled(proof) for proof in proofs])
    for proof in proofs:
        _say_drilled(context, proof)
    context.exit(EXIT_OK if all(proof.passed for proof in proofs) else EXIT_FINDINGS)


def _say_drilled(context: Context, proof: DrillProof) -> None:
    word = "backup.drill-passed" if proof.passed else "backup.drill-failed"
    context.say(context.text(word, level=proof.level, backup=proof.backup, site=proof.site, compared=proof.compared, bytes=proof.size_bytes, seconds=proof.seconds, reasons="; ".join(proof.reasons)))
    for skipped in proof.skipped:
        context.say(context.text("backup.drill-skipped", backup=proof.backup, skipped=skipped))


def _drilled(proof: DrillProof) -> dict[str, Any]:
    return {**proof.content(), "digest": proof.digest, "status": "ok" if proof.passed else "failure"}


@click.command()
@click.argument("proof_id", metavar="[PROOF]", required=False)
@pass_context
def proof(context: Context, proof_id: str | None) -> None:
    """Verify drill proofs: digest, chain and manifest; 1 when one does not hold or did not pass.

    \b
    Examples:
      samdrift backup proof
      samdrift backup proof K-7Q2D --output json
    """
    from samdrift.operations.show_backup_status import show_proofs

    with context.open_store() as store:
        items = show_proofs(store, proof_id, viewer=context.viewer)
    _proofs(context, items)
    context.exit(EXIT_FINDINGS if any(item["status"] == "failure" for item in items) else EXIT_OK)


def _proofs(context: Context, items: Sequence[dict[str, Any]]) -> None:
    shown = columns(
        context.text, ("id", "id", "id"), ("status", "state", "state"), ("backup", "backup", "id"), ("site", "site", "id"), ("level", "level", "integer"), ("passed", "passed"),
        ("compared", "compared", "integer"), ("size_bytes", "size", "bytes"), ("started_at", "when", "instant"), ("reasons", "reasons"),
    )  # fmt: skip
    context.emit(kind="samdrift/drill-proof", items=items, columns=shown)
