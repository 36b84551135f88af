"""What a domain says of its mail in the DNS: SPF, DMARC and DKIM, parsed without judgement."""
