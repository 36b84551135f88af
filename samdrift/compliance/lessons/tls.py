"""Lessons of TLS and the web."""

from __future__ import annotations

from collections.abc import Mapping

from samdrift.compliance.lessons.lesson import Lesson

TLS: Mapping[str, Lesson] = {
    "tls-https": Lesson(
        "A page without HTTPS can be read and changed on the way; without HSTS the first click of each visitor can be.",
        "443 must answer; 80 must redirect to https on the same host first; Strict-Transport-Security is read.",
        "Strict-Transport-Security: max-age=31536000",
    ),
    "tls-version": Lesson(
        "TLS 1.0 and 1.1 are broken and deprecated (RFC 8996).",
        "Each version is offered alone and the answer noted; a version that we cannot speak ourselves is never called absent.",
        "ssl_protocols TLSv1.2 TLSv1.3;   (nginx)",
    ),
    "tls-certificate": Lesson(
        "A certificate that is not trusted or bears another name teaches people to click through warnings, and stops machines.",
        "The chain as served is verified against the view's authorities, with name, signature and key size.",
        "ssl_certificate /etc/ssl/fullchain.pem;   (nginx: with the intermediate)",
    ),
    "tls-certificate-expiry": Lesson(
        "An ended certificate is the most common outage that could be seen a month before.",
        "The end of each served certificate; the limits follow its lifetime when that is short.",
        "certbot renew --cert-name www.krokom.example",
    ),
    "tls-dane": Lesson(
        "A TLSA record that does not fit the live certificate makes mail servers that honour DANE hold or refuse your mail.",
        "TLSA of MX and web names is read, its signatures verified, and compared with the certificate that is served.",
        "_25._tcp.mx1.krokom.example. IN TLSA 3 1 1 …   (publish the next key's record before the change)",
    ),
    "tls-caa": Lesson(
        "CAA keeps other authorities from issuing certificates in your name.",
        "CAA is looked up for the name and its parents, and parsed.",
        'krokom.example. IN CAA 0 issue "letsencrypt.org"',
    ),
    "tls-security-txt": Lesson(
        "Whoever finds a hole needs to know whom to tell; a file that has ended tells nobody.",
        "/.well-known/security.txt is fetched and its Expires read (RFC 9116).",
        "Contact: mailto:security@krokom.example\nExpires: 2027-06-30T00:00:00Z",
    ),
}
