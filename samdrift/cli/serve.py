"""Serve: answers Prometheus and Alertmanager until it is asked to end."""

from __future__ import annotations

import signal

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import EXIT_INTERRUPTED, WrongUse

PARTS = ("exporter", "sd", "receiver", "hall-collector")
LATER = ("deadman", "web", "jobs")


@click.command()
@click.option("--part", "parts", multiple=True, metavar="PART", help="exporter, sd, receiver or hall-collector; several allowed.  [default: all]")
@click.option("--listen", multiple=True, metavar="ADDR:PORT", help="Several allowed; port 0 takes a free one.  [default: 127.0.0.1:9817]")
@click.option("--period", type=click.IntRange(1, 3600), default=15, show_default=True, metavar="SECONDS", help="How often the snapshot is renewed.")
@click.option("--web-config", metavar="FILE", help="TLS and users; comes in a later version.")
@click.option("--insecure", is_flag=True, help="Listen off loopback without TLS and users.")
@pass_context
def command(context: Context, parts: tuple[str, ...], listen: tuple[str, ...], period: int, web_config: str | None, insecure: bool) -> None:
    """Serve /metrics, /sd/JOB and /webhook/alertmanager in the foreground.

    SIGHUP reads the inventory anew; SIGTERM ends it with 0. The log is JSON.

    \b
    Examples:
      samdrift serve  # lab
      samdrift serve --part receiver --listen "[::1]:9818"  # lab
    """
    from samdrift.model.errors import nearest

    for part in parts:
        if part in LATER:
            raise WrongUse(f"--part {part} comes in a later version", help=f"parts now: {', '.join(PARTS)}")
        if part not in PARTS:
            raise WrongUse(f"--part {part}: no such part", help=f"did you mean {nearest(part, PARTS) or ' or '.join(PARTS)}?")
    if web_config is not None:
        raise WrongUse("--web-config comes in a later version", help="listen on 127.0.0.1 behind a proxy, or say --insecure in a closed network")
    from samdrift.daemon.listening import DEFAULT
    from samdrift.daemon.serve import Settings, serve
    from samdrift.operations.instant import now

    settings = Settings(str(context.inventory_path), context.store_location, parts or PARTS, listen or (DEFAULT,), insecure, period, verbose=context.verbose > 0)
    ended_by = serve(settings, clock=now)
    context.exit(EXIT_INTERRUPTED if ended_by is signal.SIGINT else 0)
