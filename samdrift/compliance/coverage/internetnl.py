"""Internet.nl's subtests of a web site and of a mail domain, by its own names (categories of version 1.8 and later, read 2026-11-29)."""

from __future__ import annotations

from samdrift.compliance.coverage.peer import Peer

INTERNETNL: tuple[Peer, ...] = (
    # IPv6
    Peer("ns_aaaa", "two name servers with an IPv6 address"),
    Peer("ns_reach", "name servers answer over IPv6"),
    Peer("web_aaaa", "the web site has an IPv6 address"),
    Peer("web_reach", "the web site answers over IPv6"),
    Peer("web_ipv46", "the same site over IPv4 and IPv6"),
    Peer("mx_aaaa", "mail servers have an IPv6 address"),
    Peer("mx_reach", "mail servers answer over IPv6"),
    # DNSSEC
    Peer("dnssec_exists", "the domain is signed"),
    Peer("dnssec_valid", "the signatures are valid"),
    Peer("dnssec_mx_exists", "the mail servers' domains are signed"),
    Peer("dnssec_mx_valid", "the signatures of the mail servers' domains are valid"),
    # HTTPS and TLS
    Peer("https_exists", "HTTPS is there"),
    Peer("https_forced", "HTTP leads to HTTPS"),
    Peer("https_hsts", "HSTS of a year"),
    Peer("http_compression", "no HTTP compression"),
    Peer("tls_version", "TLS versions"),
    Peer("tls_ciphers", "ciphers"),
    Peer("tls_cipher_order", "the server chooses the cipher"),
    Peer("fs_params", "parameters of key exchange"),
    Peer("kex_hash_func", "hash function of key exchange"),
    Peer("tls_compression", "no TLS compression"),
    Peer("renegotiation_secure", "secure renegotiation"),
    Peer("renegotiation_client", "no renegotiation by the client"),
    Peer("zero_rtt", "no 0-RTT"),
    Peer("ocsp_stapling", "OCSP stapling"),
    Peer("extended_master_secret", "extended master secret"),
    Peer("cert_trust", "trust chain of the certificate"),
    Peer("cert_pubkey", "public key of the certificate"),
    Peer("cert_signature", "signature of the certificate"),
    Peer("cert_hostmatch", "name of the certificate"),
    Peer("web_caa", "CAA records of the web site"),
    Peer("mx_caa", "CAA records of the mail servers"),
    Peer("dane_exists", "DANE records"),
    Peer("dane_valid", "DANE records fit the certificate"),
    Peer("dane_rollover", "DANE records ready for a roll-over"),
    Peer("starttls_exists", "STARTTLS"),
    # security options
    Peer("http_x_frame", "X-Frame-Options"),
    Peer("http_x_content_type", "X-Content-Type-Options"),
    Peer("http_csp", "Content-Security-Policy"),
    Peer("http_referrer_policy", "Referrer-Policy"),
    Peer("http_securitytxt", "security.txt"),
    # mail authentication
    Peer("dmarc", "DMARC is there"),
    Peer("dmarc_policy", "DMARC policy is strict enough"),
    Peer("dkim", "DKIM is there"),
    Peer("spf", "SPF is there"),
    Peer("spf_policy", "SPF policy is strict enough"),
    # RPKI
    Peer("web_rpki_exists", "route authorisations of the web site"),
    Peer("web_rpki_valid", "routes of the web site are valid"),
    Peer("ns_rpki_exists", "route authorisations of name servers"),
    Peer("ns_rpki_valid", "routes of name servers are valid"),
    Peer("mail_rpki_exists", "route authorisations of mail servers"),
    Peer("mail_rpki_valid", "routes of mail servers are valid"),
    Peer("mail_mx_ns_rpki_exists", "route authorisations of mail servers' name servers"),
    Peer("mail_mx_ns_rpki_valid", "routes of mail servers' name servers are valid"),
)
