"""cisco-ios: Cisco IOS and IOS XE."""

from samdrift.network.platform import Platform

HIDDEN = r"(?: [0-9])? \S.*"
"""A secret after its word, with or without the digit that says how it is written."""

PLATFORM = Platform(
    "cisco-ios",
    driver="cisco_ios",
    command="show running-config",
    end_mark="end",
    noise=(
        r"Building configuration\.\.\.",
        r"Current configuration : \d+ bytes",
        r"Using \d+ out of \d+ bytes",
        r"! (?:Last|No) configuration change .*",
        r"! NVRAM config last updated .*",
        r"ntp clock-period \d+",
        r"\S+ uptime is .*",
        r"!Time: .*",
    ),
    secrets=(
        rf"^(enable (?:secret|password)(?: level \d+)?){HIDDEN}",
        rf"^(username \S+ (?:.* )?(?:secret|password)){HIDDEN}",
        rf"^(\s*password){HIDDEN}",
        r"^(snmp-server community) \S+.*",
        r"^(snmp-server user \S+ \S+ (?:.* )?(?:auth|encrypted)) .*",
        r"^(snmp-server host \S+(?: (?:vrf \S+|informs|traps|version (?:1|2c)))*) (?!version)\S.*",
        rf"^(\s*neighbor \S+ password){HIDDEN}",
        rf"^(\s*ip ospf authentication-key){HIDDEN}",
        rf"^(\s*ip ospf message-digest-key \d+ md5){HIDDEN}",
        rf"^(\s*(?:standby|vrrp|glbp)(?: \d+)? authentication(?: md5 key-string| text)?){HIDDEN}",
        rf"^(\s*key-string){HIDDEN}",
        rf"^((?:tacacs|radius)-server (?:.* )?key){HIDDEN}",
        rf"^(\s*server-key){HIDDEN}",
        r"^(\s+key) (?:[0-9] \S|\S*[^\d\s]).*",
        rf"^(\s*(?:ntp authentication-key \d+ \S+)){HIDDEN}",
        r"^(crypto isakmp key)(?: [0-9])? \S.*",
        rf"^(\s*pre-shared-key(?: local| remote)?(?: ascii-text| hex)?){HIDDEN}",
        rf"^(\s*ppp (?:chap|pap) .*password){HIDDEN}",
        rf"^(\s*wpa-psk (?:ascii|hex)){HIDDEN}",
    ),
)
