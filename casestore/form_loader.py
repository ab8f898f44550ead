"""Reading and checking the form file: every mistake is told with the file, the key and the mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import yaml

from casestore.form import Choice, Compound, Condition, Field, Form, Link, Section

TYPES: Final = frozenset(
    {
        "text",
        "long_text",
        "phone",
        "email",
        "yes_no",
        "postcode",
        "date",
        "age",
        "enum",
        "set",
        "flags",
        "persons",
        "services",
    }
)


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FormError(ValueError):
    """The form file is wrong; the message says where, and how to mend it."""

    def __init__(self, where: str, what: str, mend: str) -> None:
        super().__init__(f"form.yml: {where}: {what}. {mend}")


def read_form(path: Path) -> Form:
    """The form of this file; FormError when it is wrong."""
    with path.open(encoding="utf-8") as stream:
        try:
            data = yaml.load(stream, Loader=_LOADER)  # noqa: S506 (both are safe loaders)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f"line {mark.line + 1}" if mark else "top"
            raise FormError(
                line, "is not valid YAML", "Put text that holds a comma, colon or bracket in quotes."
            ) from error
    return build_form(data)


_TOP = {
    "form_version",
    "title",
    "sections",
    "errors",
    "ask_order",
    "must_have",
    "fields",
    "red_flags",
    "compound",
    "links",
}
_FIELD_KEYS = {
    "key",
    "label",
    "section",
    "type",
    "need",
    "question",
    "help",
    "labels",
    "choices",
    "identifying",
    "together",
    "partial",
    "past",
    "required_when",
    "asked_when",
    "text_key",
    "error",
    "choices_extra",
}
_FLAG_KEYS = {"id", "critical", "label", "wording", "labels"}
_YES_NO = (Choice("yes", "Ja"), Choice("no", "Nee"), Choice("unknown", "Weet ik niet"))


def build_form(data: Any) -> Form:
    """A form from the parsed file; FormError says key and mend when something is wrong."""
    if not isinstance(data, dict):
        raise FormError("top", "is not a mapping", "Start from the file that came with the program.")
    _known_keys("top", data, _TOP, required=_TOP - {"compound", "links"})
    sections = tuple(Section(_text(s, "id", "sections"), _text(s, "title", "sections")) for s in data["sections"])
    errors = {k: str(v) for k, v in data["errors"].items()}
    flags = [_flag(entry, errors) for entry in data["red_flags"]]
    fields: list[Field] = []
    for entry in data["fields"]:
        built = _field(entry, errors, {s.id for s in sections})
        if built.type == "flags":
            built = _with_flag_choices(built, flags)
        fields.append(built)
        if built.type == "flags":
            fields.extend(flags)
    _no_doubles("fields", [f.key for f in fields])
    form = Form(
        form_version=str(data["form_version"]),
        title=str(data["title"]),
        sections=sections,
        all_fields=tuple(fields),
        ask_order=tuple(data["ask_order"]),
        must_have=tuple(tuple(keys) for keys in data["must_have"]),
        compound=tuple(
            Compound(_text(c, "key", "compound"), tuple(c["fields"]), tuple(map(str, c["labels"])))
            for c in data.get("compound") or ()
        ),
        links=tuple(_link(entry) for entry in data.get("links") or ()),
        errors=errors,
    )
    _check_references(form)
    return form


def _field(entry: Any, errors: Mapping[str, str], sections: set[str]) -> Field:
    if not isinstance(entry, dict) or "key" not in entry:
        raise FormError("fields", f"an entry without key: {entry!r:.60}", "Give every field a `key:`.")
    where = str(entry["key"])
    _known_keys(where, entry, _FIELD_KEYS, required={"label", "section", "type", "need", "question"})
    kind, need, section = str(entry["type"]), str(entry["need"]), str(entry["section"])
    if kind not in TYPES:
        raise FormError(where, f"unknown type {kind!r}", f"Use one of {', '.join(sorted(TYPES))}.")
    if need not in {"R", "A", "O"}:
        raise FormError(where, f"unknown need {need!r}", "Use R, A or O.")
    if section not in sections:
        raise FormError(where, f"unknown section {section!r}", "Use the id of a section, or add that section.")
    choices = tuple(_choice(where, c) for c in entry.get("choices") or ())
    if (kind in {"enum", "set"}) != bool(choices):
        raise FormError(
            where, f"type {kind} with {len(choices)} choices", "Only enum and set have choices, and need them."
        )
    _no_doubles(f"{where}.choices", [c.id for c in choices])
    return Field(
        key=where,
        label=str(entry["label"]),
        section=section,
        type=kind,
        need=need,
        question=str(entry["question"]),
        error=str(entry.get("error") or errors.get(kind) or ""),
        help=entry.get("help"),
        labels=_strings(where, "labels", entry.get("labels")),
        choices=_YES_NO if kind == "yes_no" else choices,
        identifying=bool(entry.get("identifying")),
        together=bool(entry.get("together")),
        partial=bool(entry.get("partial")),
        past=bool(entry.get("past")),
        text_key=entry.get("text_key"),
        required_when=_condition(where, entry.get("required_when")),
        asked_when=_condition(where, entry.get("asked_when")),
        extra=tuple((k, _strings(where, "choices_extra", v)) for k, v in (entry.get("choices_extra") or {}).items()),
    )


def _flag(entry: Any, errors: Mapping[str, str]) -> Field:
    where = f"red_flags.{entry.get('id')}" if isinstance(entry, dict) else "red_flags"
    _known_keys(where, entry, _FLAG_KEYS, required=_FLAG_KEYS)
    wording = str(entry["wording"])
    return Field(
        key=where,
        label=str(entry["label"]),
        section="red_flags",
        type="yes_no",
        need="A",
        question=f"Is dit er: {wording}?",
        help=wording,
        error=errors.get("yes_no", ""),
        labels=_strings(where, "labels", entry["labels"]),
        choices=_YES_NO,
        critical=bool(entry["critical"]),
        text_key=f"red_flags_text.{entry['id']}",
    )


def _with_flag_choices(field: Field, flags: Iterable[Field]) -> Field:
    return replace(field, choices=tuple(Choice(f.name, f.label, (f.help or "", *f.labels)) for f in flags))


def _choice(where: str, entry: Any) -> Choice:
    _known_keys(f"{where}.choices", entry, {"id", "title", "synonyms"}, required={"id", "title"})
    if not isinstance(entry["id"], str):
        raise FormError(where, f"the choice {entry['id']!r} is not text", 'Write it between quotes, as in "yes".')
    return Choice(entry["id"], str(entry["title"]), _strings(where, "synonyms", entry.get("synonyms")))


def _condition(where: str, entry: Any) -> Condition | None:
    if entry is None:
        return None
    _known_keys(f"{where} condition", entry, {"key", "in", "has", "within_days", "person"}, required=set())
    member = entry.get("person") or {}
    _known_keys(f"{where} condition.person", member, {"family_role", "minor", "unknown"}, required=set())
    if ("key" in entry) == ("person" in entry):
        raise FormError(where, "a condition names a key or a person", "Give exactly one of `key:` and `person:`.")
    return Condition(
        key=entry.get("key"),
        values=_strings(where, "in", entry.get("in")),
        has=entry.get("has"),
        within_days=entry.get("within_days"),
        roles=_strings(where, "family_role", member.get("family_role")),
        minor=bool(member.get("minor")),
        unknown=member.get("unknown"),
    )


def _link(entry: Any) -> Link:
    _known_keys("links", entry, {"same", "when", "set", "add"}, required=set())
    return Link(
        same=_strings("links", "same", entry.get("same")),
        when=_condition("links", entry.get("when")),
        sets=tuple((str(k), str(v)) for k, v in (entry.get("set") or {}).items()),
        adds=tuple((str(k), str(v)) for k, v in (entry.get("add") or {}).items()),
    )


def _check_references(form: Form) -> None:
    conditions = [c for f in form.all_fields for c in (f.required_when, f.asked_when) if c]
    conditions += [link.when for link in form.links if link.when]
    named = [
        *form.ask_order,
        *(k for keys in form.must_have for k in keys),
        *(k for c in form.compound for k in c.fields),
        *(k for link in form.links for k in link.same),
        *(k for link in form.links for k, _ in (*link.sets, *link.adds)),
        *(c.key for c in conditions if c.key),
    ]
    for key in named:
        if not form.has(key):
            raise FormError(key, "is used in a rule but is no field", "Correct the key, or take the rule away.")
    for condition in conditions:
        if condition.key is None:
            continue
        known = {c.id for c in form.field(condition.key).choices}
        for value in (*condition.values, *((condition.has,) if condition.has else ())):
            if value not in known:
                raise FormError(condition.key, f"has no choice {value!r}", f"Use one of {', '.join(sorted(known))}.")
    for field in form.all_fields:
        if not field.error and field.need != "O":
            raise FormError(field.key, "has no error text", f"Add `errors: {field.type}: …`.")


def _known_keys(where: str, entry: Any, allowed: Iterable[str], required: Iterable[str]) -> None:
    if not isinstance(entry, dict):
        raise FormError(where, f"{entry!r:.40} is not a mapping", "Write it as `key: value` pairs.")
    for key in entry:
        if key not in set(allowed):
            mend = f"Use one of {', '.join(sorted(allowed))}; text with a comma or colon goes between quotes."
            raise FormError(where, f"unknown key {key!r}", mend)
    for key in sorted(required):
        if entry.get(key) is None:
            raise FormError(where, f"has no {key!r}", f"Add `{key}:`.")


def _strings(where: str, name: str, entry: Any) -> tuple[str, ...]:
    if entry is None:
        return ()
    if not isinstance(entry, list) or not all(isinstance(item, str) for item in entry):
        raise FormError(
            where, f"{name} is not a list of texts", 'Write ["a", "b"], with quotes around yes, no and numbers.'
        )
    return tuple(entry)


def _text(entry: Any, key: str, where: str) -> str:
    _known_keys(where, entry, {"id", "title", "key", "fields", "labels"}, required={key})
    return str(entry[key])


def _no_doubles(where: str, keys: list[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise FormError(where, f"{key!r} stands there twice", "Take one away.")
