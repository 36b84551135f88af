"""frr: FRRouting whose users log in to vtysh over ssh; it keeps no startup text apart from its file on disk."""

from samdrift.network.platform import Platform

PLATFORM = Platform(
    "frr",
    driver="cisco_ios",
    command="show running-config",
    end_mark="end",
    noise=(r"Building configuration\.\.\.", r"Current configuration:"),
    secrets=(
        r"^(\s*(?:enable )?password(?: 8)?) \S.*",
        r"^(\s*neighbor \S+ password) \S.*",
        r"^(\s*ip ospf (?:\S+ )?authentication-key) \S.*",
        r"^(\s*ip ospf (?:\S+ )?message-digest-key \d+ md5) \S.*",
        r"^(\s*area \S+ virtual-link \S+ (?:authentication-key|message-digest-key \d+ md5)) \S.*",
        r"^(\s*ip rip authentication string) \S.*",
        r"^(\s*(?:isis|area-|domain-)\s?password (?:clear|md5)) \S.*",
        r"^(\s*ip eigrp \S+ authentication string) \S.*",
        r"^(\s*key-string) \S.*",
        r"^(\s*neighbor \S+ tcp-ao .*? key) \S.*",
    ),
)
