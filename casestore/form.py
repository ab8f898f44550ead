"""The referral form as data: what is asked, in which words, when, and how it is called on other forms.

`casestore/form.yml` holds it all; this module reads that file once, checks it, and gives it as frozen objects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from casestore.form_values import lookup, person_indexes, this_person

FORM_FILE: Final = Path(__file__).with_name("form.yml")

_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Choice:
    """One answer of a choice field: its identifier, what users read, and other words for it."""

    id: str
    title: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """When a field is required or asked, or a link applies; all parts that are given must hold."""

    key: str | None = None
    values: tuple[str, ...] = ()
    has: str | None = None
    within_days: int | None = None
    roles: tuple[str, ...] = ()
    minor: bool = False
    unknown: str | None = None

    def holds(self, values: Mapping[str, Any], *, person: int | None = None, today: date | None = None) -> bool:
        """Whether it holds for these values; `person` narrows a person's condition to one index."""
        if self.key is not None:
            return self._key_holds(lookup(values, self.key), today)
        indexes = [person] if person is not None else person_indexes(values)
        return any(self._person_holds(this_person(values, i), today) for i in indexes)

    def _key_holds(self, value: Any, today: date | None) -> bool:
        if value is None:
            return False
        if self.has is not None:
            return isinstance(value, list | tuple | set | frozenset) and self.has in value
        if self.within_days is not None:
            return today is not None and _within(str(value), self.within_days, today)
        return value in self.values

    def _person_holds(self, member: Mapping[str, Any], today: date | None) -> bool:
        if self.roles and member.get("family_role") not in self.roles:
            return False
        if self.minor and not is_minor(member, today):
            return False
        return self.unknown is None or member.get(self.unknown) is None


@dataclass(frozen=True)
class Field:
    """One question of the form."""

    key: str
    label: str
    section: str
    type: str
    need: str
    question: str
    error: str
    help: str | None = None
    labels: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    identifying: bool = False
    together: bool = False
    partial: bool = False
    past: bool = False
    critical: bool = False
    text_key: str | None = None
    required_when: Condition | None = None
    asked_when: Condition | None = None
    extra: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """More words for a yes or a no to this very question."""

    @property
    def name(self) -> str:
        """The last part of the key, as it stands in the JSON of a group's member."""
        return self.key.rsplit(".", 1)[-1]

    @property
    def group(self) -> str | None:
        """`persons` or `services` for a detail of a group's member."""
        return self.key.split("[]", 1)[0] if "[]" in self.key else None

    def choice(self, identifier: str) -> Choice | None:
        """The choice with this identifier."""
        return next((c for c in self.choices if c.id == identifier), None)

    def title(self, identifier: str) -> str:
        """What users read for a stored identifier; the identifier itself when the form no longer knows it."""
        found = self.choice(identifier)
        return found.title if found else identifier


@dataclass(frozen=True)
class Section:
    """A part of the form under one heading."""

    id: str
    title: str


@dataclass(frozen=True)
class Compound:
    """A label of other forms whose value fills several of our fields."""

    key: str
    fields: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """A fact that is told once and stands in several places."""

    same: tuple[str, ...] = ()
    when: Condition | None = None
    sets: tuple[tuple[str, str], ...] = ()
    adds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Form:
    """The whole form."""

    form_version: str
    title: str
    sections: tuple[Section, ...]
    all_fields: tuple[Field, ...]
    ask_order: tuple[str, ...]
    must_have: tuple[tuple[str, ...], ...]
    compound: tuple[Compound, ...]
    links: tuple[Link, ...]
    errors: Mapping[str, str]

    @cached_property
    def _by_key(self) -> dict[str, Field]:
        return {f.key: f for f in self.all_fields}

    def field(self, key: str) -> Field:
        """The field of a key; `persons[0].age` finds `persons[].age`. KeyError when there is none."""
        return self._by_key[_INDEX.sub("[]", key)]

    def has(self, key: str) -> bool:
        """Whether the form knows this key."""
        return _INDEX.sub("[]", key) in self._by_key

    def section(self, identifier: str) -> Section:
        """The section with this identifier."""
        return next(s for s in self.sections if s.id == identifier)

    def fields(self, section: str | None = None) -> tuple[Field, ...]:
        """The fields in the order of asking: required first, then as they stand; of one section when named."""
        rank = {key: i for i, key in enumerate(self.ask_order)}
        chosen = [f for f in self.all_fields if section is None or f.section == section]
        return tuple(sorted(chosen, key=lambda f: rank.get(f.key, len(rank))))

    @cached_property
    def red_flags(self) -> tuple[Field, ...]:
        """The red flags, each a field `red_flags.<id>`."""
        return tuple(f for f in self.all_fields if f.key.startswith("red_flags."))

    def members(self, group: str) -> tuple[Field, ...]:
        """The details of a group's member (`persons`, `services`)."""
        return tuple(f for f in self.all_fields if f.group == group)

    def required(self, values: Mapping[str, Any]) -> tuple[Field, ...]:
        """The fields that these values make required, in the order of asking."""
        return tuple(
            f for f in self.fields() if f.need == "R" or (f.required_when is not None and f.required_when.holds(values))
        )

    def asked(
        self, field: Field, values: Mapping[str, Any], *, person: int | None = None, today: date | None = None
    ) -> bool:
        """Whether it makes sense to ask this field, given what is known; never for an optional one."""
        if field.need == "O":
            return False
        return field.asked_when is None or field.asked_when.holds(values, person=person, today=today)

    def missing(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Keys of the required fields that have no known value."""
        return tuple(f.key for f in self.required(values) if lookup(values, f.key) in (None, "", [], "unknown"))

    def blocking(self, values: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
        """What must still be known before the referral can be sent; of each entry one key is enough."""
        return tuple(
            keys for keys in self.must_have if all(lookup(values, k) in (None, "", [], "unknown") for k in keys)
        )

    def linked(self, values: Mapping[str, Any], *, today: date) -> dict[str, Any]:
        """What the links add to these values: only keys that are not yet there, and sets that grow.

        A value that someone gave is never changed; two that contradict each other are for the reader to show.
        """
        found: dict[str, Any] = {}
        for _ in range(2):  # a link may feed another one
            known = {**_flat(values), **found}
            for link in self.links:
                found.update(_apply(link, known, today))
                known.update(found)
        return found


def _apply(link: Link, known: Mapping[str, Any], today: date) -> dict[str, Any]:
    if link.same:
        told = [known[k] for k in link.same if known.get(k) not in (None, "unknown")]
        if len(set(told)) != 1:
            return {}
        return {k: told[0] for k in link.same if known.get(k) is None}
    if link.when is None or not link.when.holds(known, today=today):
        return {}
    result: dict[str, Any] = {k: v for k, v in link.sets if known.get(k) in (None, "unknown")}
    for key, item in link.adds:
        present = known.get(key)
        items = list(present) if isinstance(present, list | tuple) else []
        if item not in items:
            result[key] = [*items, item]
    return result


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            result.update(_flat(value, f"{prefix}{key}."))
        else:
            result[f"{prefix}{key}"] = value
    return result


def is_minor(member: Mapping[str, Any], today: date | None = None) -> bool:
    """Whether this person is, or may well be, a child: by age or birth date, else by role."""
    age = member.get("age")
    born = str(member.get("birth_date") or "")[:4]
    if isinstance(age, int):
        return age < 18
    if born.isdigit() and today is not None:
        return today.year - int(born) <= 18
    return member.get("family_role") == "child"


def _within(text: str, days: int, today: date) -> bool:
    """Whether a date, month or year may lie within so many days before today; a year alone does not tell."""
    parts = [int(p) for p in text.split("-") if p.isdigit()]
    if len(parts) < 2:
        return bool(parts) and parts[0] == today.year
    day = date(parts[0], parts[1], parts[2] if len(parts) > 2 else 28)
    return -31 <= (today - day).days <= days


@cache
def load_form() -> Form:
    """The form of this installation, read and checked once."""
    from casestore.form_loader import read_form

    return read_form(FORM_FILE)


def json_schema(form: Form) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a referral as it is exported."""
    from casestore.form_schema import build_schema

    return build_schema(form)
