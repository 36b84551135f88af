"""Field types of the inventory: each reads its own text, refuses with a stable code, and describes itself in the schema."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from samdrift.model import period, quantity
from samdrift.model.money import read_bound as _read_bound
from samdrift.model.money import read_ore as _read_ore

ID_PATTERN = r"^[a-z][a-z0-9-]{1,40}$"
REFERENCE_PATTERN = r"^(vault:[a-z0-9-]+/[A-Za-z0-9._-]+|file:[A-Za-z0-9._/-]+|credential:[A-Za-z0-9._-]+)$"
MAC_PATTERN = r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"
DNS_PATTERN = r"^(?!-)[A-Za-z0-9-]{1,63}(?<!-)([.](?!-)[A-Za-z0-9-]{1,63}(?<!-))*[.]?$"
DURATION_PATTERN = r"^[0-9]{1,9} ?(s|min|h|d)$"
DECIMAL_PATTERN = r"^-?(0|[1-9][0-9]{0,29})([.][0-9]{1,10})?$"
LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")

JUDGED_BEFORE = "judged-before"
"""Key of the validation's context: the text was valid on its day, so that a bound set since does not refuse it."""

T = TypeVar("T")


def _key(name: str) -> str:
    """The YAML key of a field: `from_` is written `from`."""
    return name.removesuffix("_")


class Noun(BaseModel):
    """Base of all inventory classes: frozen, unknown keys refused, no coercion but by the field's own reader."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        arbitrary_types_allowed=True,
        use_attribute_docstrings=True,
        alias_generator=_key,
        defer_build=True,
    )


def fault(code: str, message: str, help: str = "") -> PydanticCustomError:
    """The error a reader raises: a stable code of inventory.md I9 in the type, the sentence, and what to do."""
    return PydanticCustomError(code, "{text}", {"text": message, "help": help})


def reader(read: Callable[[Any], T], code: str, help: str = "") -> Callable[[Any], Any]:
    """A BeforeValidator function: text (or an integer) through `read`, ValueError → `code`."""

    def run(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int):
            return value
        try:
            return read(value)
        except ValueError as error:
            raise fault(getattr(error, "code", code), str(error), help) from None

    return run


def _bound(value: object, info: ValidationInfo) -> object:
    judged = bool(info.context and info.context.get(JUDGED_BEFORE))
    return reader(_read_ore if judged else _read_bound, "number-syntax", "kronor from 0 on, with at most two decimals")(value)


def _id(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(ID_PATTERN, value):
        raise fault(
            "bad-id", f"{value!r} is no id", "an id is 2 to 41 of a-z, 0-9 and hyphen, and begins with a letter"
        )
    return value


def _dns_name(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.removesuffix(".")
    if len(text) > 253 or not all(LABEL.fullmatch(label) for label in text.split(".")):
        try:
            ascii_form = text.encode("idna").decode()
        except UnicodeError:
            ascii_form = ""
        raise fault(
            "bad-name",
            f"{value!r} is no DNS name",
            f"its ASCII form is {ascii_form}"
            if ascii_form and ascii_form != text
            else "labels of a-z, 0-9 and hyphen, joined by dots",
        )
    return text.lower()


def _date(value: Any) -> date:
    text = str(value)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text!r} is no date; write YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar") from None


def _email(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}", value):
        raise fault("wrong-type", f"{value!r} is no e-mail address", "name@domain")
    return value


def _subject(value: Any) -> Any:
    if isinstance(value, str) and value != "all" and not re.fullmatch(r"([a-z-]+:)?[A-Za-z0-9][A-Za-z0-9./*-]*", value):
        raise fault("wrong-type", f"{value!r} is no subject", "write noun:id, for example service:w3d3, or all")
    return value


def _secret(value: Any) -> Any:
    """Refuses text where a reference belongs; what stood there is never shown (inventory.md I9, I21)."""
    if isinstance(value, str | int) and not (isinstance(value, str) and re.fullmatch(REFERENCE_PATTERN, value)):
        raise fault(
            "secret-in-clear",
            "a reference to a secret belongs here, never the secret itself",
            "write vault:<member>/<name>, file:<path> or credential:<name>",
        )
    return value


def _mac(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(MAC_PATTERN, value):
        raise fault(
            "bad-address",
            f"{value!r} is no MAC address",
            "six pairs of 0-9 and a-f, joined by colons: 02:00:00:00:00:01",
        )
    return value


def _v4(value: str | int) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(str(value))


def _v6(value: str | int) -> ipaddress.IPv6Address:
    address = ipaddress.IPv6Address(str(value))
    if address.ipv4_mapped is not None:
        raise ValueError(f"{value!r} is an IPv4 address mapped into IPv6")
    return address


def _prefix(value: str | int) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(str(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is no prefix: {error}") from None


Prefix = Annotated[
    ipaddress.IPv4Network | ipaddress.IPv6Network,
    BeforeValidator(reader(_prefix, "bad-address", "network address and length, for example 10.20.4.0/24")),
    WithJsonSchema({"type": "string", "examples": ["10.20.4.0/24", "2001:db8:20:4::/64"]}),
]
Ipv4 = Annotated[
    ipaddress.IPv4Address,
    BeforeValidator(reader(_v4, "bad-address")),
    WithJsonSchema({"type": "string", "format": "ipv4", "pattern": "^[0-9]{1,3}([.][0-9]{1,3}){3}$"}),
]
Ipv6 = Annotated[
    ipaddress.IPv6Address,
    BeforeValidator(reader(_v6, "bad-address")),
    WithJsonSchema({"type": "string", "format": "ipv6", "pattern": "^[0-9A-Fa-f:]+$"}),
]
Address = Annotated[
    ipaddress.IPv4Address | ipaddress.IPv6Address,
    BeforeValidator(reader(lambda value: _v6(value) if ":" in str(value) else _v4(value), "bad-address")),
    WithJsonSchema({"type": "string", "examples": ["10.20.0.53", "2001:db8:20::53"]}),
]
Id = Annotated[str, BeforeValidator(_id), WithJsonSchema({"type": "string", "pattern": ID_PATTERN})]
Ref = Annotated[str, BeforeValidator(_id), WithJsonSchema({"type": "string", "pattern": ID_PATTERN})]
Mac = Annotated[str, BeforeValidator(_mac), WithJsonSchema({"type": "string", "pattern": MAC_PATTERN})]
DnsName = Annotated[
    str,
    BeforeValidator(_dns_name),
    WithJsonSchema({"type": "string", "maxLength": 254, "pattern": DNS_PATTERN, "examples": ["lib1.drift.example"]}),
]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Email = Annotated[
    str, BeforeValidator(_email), WithJsonSchema({"type": "string", "format": "email", "pattern": "^[^@ ]+@[^@ ]+$"})
]
SubjectText = Annotated[
    str, BeforeValidator(_subject), WithJsonSchema({"type": "string", "examples": ["service:w3d3", "all"]})
]
Day = Annotated[
    date,
    BeforeValidator(reader(_date, "bad-date")),
    WithJsonSchema({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
]
Instant = Annotated[
    datetime,
    BeforeValidator(reader(lambda value: period.read_instant(str(value)), "bad-date")),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Seconds = Annotated[
    int,
    BeforeValidator(reader(lambda text: quantity.read_duration(str(text)), "bad-duration", "180 s, 15 min, 26 h, 2 d")),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": DURATION_PATTERN,
            "examples": ["180 s", "15 min", "26 h", "2 d"],
            "description": "duration with unit",
        }
    ),
]
Bytes = Annotated[
    int,
    BeforeValidator(reader(lambda value: quantity.read_size(str(value)), "bad-size", "2 GiB")),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,9} ?(B|KiB|MiB|GiB|TiB|PiB)$", "examples": ["2 GiB"]}),
]
Share = Annotated[
    Fraction,
    BeforeValidator(reader(quantity.read_share, "bad-share")),
    WithJsonSchema(
        {"type": ["string", "number"], "pattern": "^[0-9]+([./][0-9]+)?( ?%)?$", "examples": ["2/3", "0.25", "23.97 %"]}
    ),
]
Decimal = Annotated[
    Fraction,
    BeforeValidator(reader(quantity.read_decimal, "number-syntax", "digits and a decimal point")),
    WithJsonSchema({"type": ["string", "number"], "pattern": DECIMAL_PATTERN}),
]
Kronor = Annotated[
    int,
    BeforeValidator(reader(_read_ore, "number-syntax", "kronor with at most two decimals")),
    WithJsonSchema({"type": ["string", "number"], "pattern": DECIMAL_PATTERN, "description": "kronor"}),
]
KronorFrom0 = Annotated[
    int,
    BeforeValidator(_bound),
    WithJsonSchema({"type": ["string", "number"], "pattern": DECIMAL_PATTERN.replace("-?", ""), "minimum": 0, "description": "kronor from 0 on"}),
]
"""A bound of what is paid: an amount that is not negative."""
SecretRef = Annotated[
    str,
    BeforeValidator(_secret),
    WithJsonSchema(
        {"type": "string", "pattern": REFERENCE_PATTERN, "examples": ["vault:are/switch-enable", "file:keys/are"]}
    ),
]
"""A reference to a secret, never its value: `vault:<member>/<name>`, `file:<path>` or `credential:<name>`."""


def _span(value: str | int) -> str:
    text = str(value)
    if quantity.read_months(text) is None:
        quantity.read_duration(text)
    return text


Span = Annotated[
    str,
    BeforeValidator(reader(_span, "bad-duration", "26 h, 400 d or 13 months")),
    WithJsonSchema({"type": "string", "examples": ["400 d", "13 months"]}),
]
"""A duration that may also be calendar months; kept as its text, read with quantity.read_months or read_duration."""

SharedBy = dict[Ref, Share] | tuple[Ref, ...]
