"""What members publish and owe: judged from observations by pure checks (dns.md, common.md 3)."""
