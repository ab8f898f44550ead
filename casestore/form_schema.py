"""The JSON Schema of an exported referral, made from the form so that the two cannot part."""

from __future__ import annotations

from typing import Any

from casestore.form import Field, Form

_DATE = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
STATUSES = (
    "draft",
    "awaiting_confirmation",
    "submitted",
    "in_review",
    "on_consultation_agenda",
    "returned_to_referrer",
    "redirected",
    "withdrawn",
    "exported",
    "closed",
)
CHANNELS = ("webchat", "telegram", "email", "secure_page", "phone")
STATES = (
    "confirmed_by_referrer",
    "extracted",
    "derived",
    "estimated",
    "corrected_by_staff",
    "unknown",
    "missing",
    "conflicting",
)


def build_schema(form: Form) -> dict[str, Any]:
    """The schema; unknown keys are absent, so nothing of the form is required by it."""
    root = _object()
    properties = root["properties"]
    properties.update(
        {
            "reference": {"type": "string", "pattern": "^CO3-[0-9A-HJKMNP-TV-Y]{4}-[0-9A-HJKMNP-TV-Y]{4}$"},
            "form_version": {"type": "string"},
            "status": {"enum": list(STATUSES)},
            "channel": {"enum": list(CHANNELS)},
            "received_at": {"type": "string", "format": "date-time"},
            "missing": {"type": "array", "items": {"type": "string"}},
            "conflicting": {"type": "object", "additionalProperties": {"type": "array"}},
            "provenance": {"type": "object", "additionalProperties": _provenance()},
        }
    )
    for field in form.all_fields:
        if field.type in {"persons", "services"}:
            properties[field.key] = {"type": "array", "title": field.label, "items": _member(form, field.key)}
        elif field.group is None and field.type != "flags":
            _put(root, field.key, _value(field))
        if field.text_key and "_text." not in field.text_key:
            text: dict[str, Any] = {"type": "string"}
            if field.type == "flags":
                text = {"type": "object", "additionalProperties": {"type": "string"}}
            _put(root, field.text_key, text)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": form.title,
        **root,
        "required": ["form_version", "status", "channel"],
    }


def _member(form: Form, group: str) -> dict[str, Any]:
    return {**_object(), "properties": {f.name: _value(f) for f in form.members(group)}}


def _value(field: Field) -> dict[str, Any]:
    base: dict[str, Any] = {"title": field.label}
    match field.type:
        case "yes_no" | "enum":
            ids = [c.id for c in field.choices]
            return {**base, "enum": ids if "unknown" in ids else [*ids, "unknown"]}
        case "set":
            return {**base, "type": "array", "uniqueItems": True, "items": {"enum": [c.id for c in field.choices]}}
        case "age":
            return {**base, "type": "integer", "minimum": 0, "maximum": 120}
        case "date":
            return {**base, "type": "string", "pattern": _DATE}
        case "postcode":
            return {**base, "type": "string", "pattern": r"^[1-9]\d{3}$"}
        case "phone":
            return {**base, "type": "string", "pattern": r"^\+[1-9]\d{3,14}$"}
        case "email":
            return {**base, "type": "string", "format": "email"}
        case _:
            return {**base, "type": "string"}


def _provenance() -> dict[str, Any]:
    text = {"type": ["string", "null"]}
    properties = {"document": text, "locator": text, "quote": text, "channel": text, "shielded": {"type": "boolean"}}
    return {"type": "object", "properties": {**properties, "state": {"enum": list(STATES)}}, "required": ["state"]}


def _object() -> dict[str, Any]:
    return {"type": "object", "properties": {}, "additionalProperties": False}


def _put(root: dict[str, Any], key: str, schema: dict[str, Any]) -> None:
    *path, last = key.split(".")
    node = root
    for part in path:
        node = node["properties"].setdefault(part, _object())
    node["properties"][last] = schema
