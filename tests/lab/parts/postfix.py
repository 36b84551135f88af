"""A real mail server: postfix from Debian, in the foreground, with its own settings and queue."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.lab.labkit.addresses import add_address
from tests.lab.labkit.authority import Authority
from tests.lab.labkit.part import Part, program, write
from tests.lab.labkit.place import LOOPBACK, Place
from tests.lab.labkit.process import Process

MASTER_PROGRAM = Path("/usr/lib/postfix/sbin/master")
MASTER = """smtp inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
"""


class Postfix(Part):
    """A mail server on its addresses at port 25; without `tls` it offers no STARTTLS. Needs root: it changes to its own user.

    Debian's own settings take TLS 1.0 and 1.1 for mail; here 1.2 is the least.
    """

    name = "postfix"

    def __init__(self, folder: Path, place: Place = LOOPBACK, *, host: str, addresses: Sequence[str], tls: bool = True, tied: bool = True) -> None:
        super().__init__(folder, place, tied=tied)
        self.host, self.addresses, self.tls = host, tuple(addresses), tls
        self.authority = Authority(self.folder / "tls")

    def prepare(self) -> None:
        """Certificate, addresses, settings, an empty queue."""
        certificate, key = self.authority.issue(self.host, [self.host], days=90)
        chain = write(self.folder / "tls" / "chain.pem", key.read_text() + certificate.read_text(), 0o600)
        for address in self.addresses:
            add_address(self.place, address)
        for name, owner in (("queue", "root"), ("data", "postfix")):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
            shutil.chown(self.folder / name, owner)
        for parent in (self.folder, *self.folder.parents[:3]):
            if parent.stat().st_uid == 0 and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o111)
        lines = [
            "compatibility_level = 3.6", f"queue_directory = {self.folder}/queue", f"data_directory = {self.folder}/data", "command_directory = /usr/sbin",
            "daemon_directory = /usr/lib/postfix/sbin", "mail_owner = postfix", f"myhostname = {self.host}", "mydestination =", "mynetworks =",
            f"inet_interfaces = {', '.join(self.addresses)}", "inet_protocols = all", f"maillog_file = {self.folder}/mail.log", f"maillog_file_prefixes = {self.folder}", "local_recipient_maps =", "smtpd_client_connection_count_limit = 0",
            "smtpd_recipient_restrictions = reject", "alias_maps =", "smtpd_peername_lookup = no",
            *([f"smtpd_tls_chain_files = {chain}", "smtpd_tls_security_level = may", "smtpd_tls_protocols = >=TLSv1.2"] if self.tls else ["smtpd_tls_security_level = none"]),
        ]  # fmt: skip
        write(self.folder / "conf" / "main.cf", "\n".join(lines) + "\n")
        write(self.folder / "conf" / "master.cf", MASTER)
        made = subprocess.run([*self.place.prefix, program("postfix", "postfix"), "-c", str(self.folder / "conf"), "check"], capture_output=True, text=True, timeout=60, check=False)
        if made.returncode != 0:
            raise RuntimeError(f"postfix check: {made.stderr.strip()}")

    def programs(self) -> Sequence[Process]:
        """One master, which starts what is asked for."""
        return [self.process("postfix", [MASTER_PROGRAM, "-c", self.folder / "conf", "-d"])]

    def ready(self) -> bool:
        """Every address accepts."""
        return all(self.place.answers(25, address) for address in self.addresses)
