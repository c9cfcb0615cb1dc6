"""Seeded mutations of JSON: nearly right, and what people with bad intentions send."""

import copy
import json
import random
from typing import Any

HOSTILE: list[Any] = [
    None,
    True,
    [],
    {},
    "",
    " ",
    "\x00",
    "\ufeff",
    "a\r\nb",
    "\u202e\u2066\u200f",
    "\ud83d",
    "</textarea><script>alert(1)</script>",
    "../../x",
    "/etc/passwd",
    "'; DROP TABLE images; --",
    "=cmd|' /C calc'!A0",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "__proto__",
    "x" * 1_000_000,
    "\u0958" * 5000,
    0,
    -1,
    -0.0,
    1.5,
    2**31,
    2**53 + 1,
    10**400,
    1e308,
    5e-324,
    float("nan"),
    float("inf"),
    "NaN",
    [[[[[]]]]],
    {"__proto__": {"a": 1}},
    {"constructor": None},
]
FIELDS = ["hash", "recipe", "__class__", "__init__", "self", "cls", "policy", "tries", "extra", ""]


def nested(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    return (opening * depth + closing * depth).encode()


def places_of(value: Any) -> list[tuple[Any, Any]]:
    """(container, key) of everything in it."""
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        found.append((value, key))
        if isinstance(inner, dict | list):
            found += places_of(inner)
    return found


def mutate(valid: Any, chance: random.Random) -> Any:
    """One to three changes: another value, a field less, a field more, or a part twice."""
    mutated = copy.deepcopy(valid)
    for _ in range(chance.randint(1, 3)):
        places = places_of(mutated)
        if not places:
            break
        container, key = chance.choice(places)
        kind = chance.random()
        if kind < 0.7:
            container[key] = copy.deepcopy(chance.choice(HOSTILE))
        elif kind < 0.8:
            del container[key]
        elif isinstance(container, dict):
            container[chance.choice(FIELDS)] = copy.deepcopy(chance.choice(HOSTILE))
        else:
            container.append(copy.deepcopy(chance.choice([container[key], *HOSTILE])))
    return mutated


def bend(body: bytes, chance: random.Random) -> bytes:
    """Bytes that are cut, turned, doubled, or not UTF-8."""
    at = chance.randrange(len(body))
    kind = chance.randrange(5)
    if kind == 0:
        return body[:at]
    if kind == 1:
        return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
    if kind == 2:
        return body[:at] + body[at : at + 20] * 3 + body[at:]
    if kind == 3:
        return body.decode().encode(chance.choice(["utf-16", "utf-32", "utf-8-sig"]))
    return body[:at] + b"\xff\xfe\xed\xa0\xbd" + body[at:]


def to_body(value: Any) -> bytes:
    return json.dumps(value).encode()
