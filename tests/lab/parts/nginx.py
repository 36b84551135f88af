"""A real web server: nginx from Debian, in the foreground, with certificates of the lab's own authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.labkit.addresses import add_address
from tests.lab.labkit.authority import Authority
from tests.lab.labkit.part import Part, program, write
from tests.lab.labkit.place import LOOPBACK, Place, bracketed
from tests.lab.labkit.process import Process

HEAD = """user root;
daemon off;
worker_processes 1;
pid {folder}/nginx.id;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp; uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
  gzip on; gzip_types text/plain;
"""


@dataclass(frozen=True)
class Site:
    """A web name on its addresses; `healthy` sites redirect port 80, send HSTS and speak TLS 1.2 and 1.3, others none of it."""

    host: str
    addresses: tuple[str, ...]
    healthy: bool = True


class Nginx(Part):
    """Serves sites. In a namespace at ports 80 and 443."""

    name = "nginx"

    def __init__(self, folder: Path, place: Place = LOOPBACK, *, sites: Sequence[Site], tied: bool = True) -> None:
        super().__init__(folder, place, tied=tied)
        self.sites = list(sites)
        self.authority = Authority(self.folder / "tls")

    @property
    def ca(self) -> Path:
        """Certificate of the lab's own authority."""
        return self.authority.certificate

    def prepare(self) -> None:
        """Certificates, addresses, settings."""
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        text = HEAD.format(folder=self.folder)
        for site in self.sites:
            self.authority.issue(site.host, [site.host], days=90)
            for address in site.addresses:
                add_address(self.place, address)
            text += self._site(site)
        write(self.folder / "nginx.conf", text + "}\n")

    def _site(self, site: Site) -> str:
        plain, tls = (" ".join(f"listen {bracketed(a)}:{port}{rest};" for a in site.addresses) for port, rest in ((80, ""), (443, " ssl")))
        lead = "return 301 https://$host$request_uri;" if site.healthy else f"root {self.folder};"
        hsts = 'add_header Strict-Transport-Security "max-age=31536000" always;' if site.healthy else ""
        versions = "TLSv1.2 TLSv1.3" if site.healthy else "TLSv1 TLSv1.1 TLSv1.2"
        page = "location / { return 200 'welcome\\n'; default_type text/plain; }"
        security = 'location = /.well-known/security.txt { return 200 "Contact: mailto:security@lab.example\\nExpires: 2099-01-01T00:00:00Z\\n"; default_type text/plain; }'
        key = f"ssl_certificate {self.authority.folder}/{site.host}.pem; ssl_certificate_key {self.authority.folder}/{site.host}.key;"
        return (
            f"  server {{ {plain} server_name {site.host}; {lead} }}\n"
            f"  server {{ {tls} server_name {site.host}; {key} ssl_protocols {versions}; ssl_ciphers ALL:@SECLEVEL=0; {hsts} {security} {page} }}\n"
        )

    def programs(self) -> Sequence[Process]:
        """One nginx."""
        return [self.process("nginx", [program("nginx", "nginx-light"), "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"])]

    def ready(self) -> bool:
        """Every address accepts on both ports."""
        return all(self.place.answers(port, address) for site in self.sites for address in site.addresses for port in (80, 443))
