"""Finding values in a referral, flat (`{"persons[0].age": 9}`) or nested as its JSON is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PERSON_KEY = re.compile(r"persons\[(\d+)\](?:\.(.+))?$")


def lookup(values: Mapping[str, Any], key: str) -> Any:
    """The value of a key, or None; a group key gives its members."""
    if key in values:
        return values[key]
    if key == "persons":
        return [this_person(values, i) for i in person_indexes(values)] or None
    current: Any = values
    for part in key.split("."):
        name, _, index = part.partition("[")
        current = current.get(name) if isinstance(current, Mapping) else None
        if index and isinstance(current, list | tuple):
            place = index.rstrip("]")
            current = current[int(place)] if place.isdigit() and int(place) < len(current) else None
        if current is None:
            return None
    return current


def person_indexes(values: Mapping[str, Any]) -> list[int]:
    """The indexes of the persons in these values."""
    listed = values.get("persons")
    found = set(range(len(listed))) if isinstance(listed, list | tuple) else set()
    found |= {int(m[1]) for m in map(_PERSON_KEY.match, values) if m}
    return sorted(found)


def this_person(values: Mapping[str, Any], index: int) -> dict[str, Any]:
    """One person's details by their short names."""
    listed = values.get("persons")
    member: dict[str, Any] = {}
    if isinstance(listed, list | tuple) and index < len(listed) and isinstance(listed[index], Mapping):
        member.update(listed[index])
    for key, value in values.items():
        match = _PERSON_KEY.match(key)
        if match and match[2] and int(match[1]) == index:
            member[match[2]] = value
    return member
