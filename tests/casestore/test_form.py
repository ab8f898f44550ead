"""The form as data: complete, consistent, and refused with a mend when it is wrong."""

from __future__ import annotations

import copy
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from casestore.form import FORM_FILE, json_schema, load_form
from casestore.form_loader import FormError, build_form

FORM = load_form()
TODAY = date(2026, 11, 24)
DOMAIN = Path(__file__).resolve().parents[2].parent / "shared" / "domain"


def raw() -> dict[str, Any]:
    return copy.deepcopy(yaml.safe_load(FORM_FILE.read_text(encoding="utf-8")))


def test_every_key_of_the_specification_is_in_the_form_with_its_need() -> None:
    path = DOMAIN / "referral_form.md"
    if not path.exists():
        pytest.skip("the shared domain documents are not here")
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([RAO]\*?) \|$", path.read_text(encoding="utf-8"), re.M)
    assert len(rows) > 50
    for key, label, _kind, need in rows:
        if key == "red_flags.*":
            continue
        field = FORM.field(key.removesuffix("[]"))
        assert field.label == label.strip()
        assert field.need == need if need != "R*" else field.required_when is not None, key


def test_the_flags_are_those_of_the_advice_table() -> None:
    path = DOMAIN / "advice.md"
    if not path.exists():
        pytest.skip("the shared domain documents are not here")
    block = path.read_text(encoding="utf-8").split("## Red flags")[1].split("26 in all")[0]
    listed = re.findall(r"`([a-z_]+)`(★?)", block)
    assert {name for name, _ in listed} == {f.name for f in FORM.red_flags}
    assert {name for name, star in listed if star} == {f.name for f in FORM.red_flags if f.critical}
    assert len(FORM.red_flags) == 26


def test_every_asked_field_has_a_short_single_question_in_the_je_form() -> None:
    for field in FORM.all_fields:
        assert len(field.question) <= 110, field.key
        assert field.question.count("?") == 1, field.key
        assert not re.search(r"\b(u|uw)\b", field.question + (field.help or "")), field.key


def test_required_fields_come_first_and_few() -> None:
    required = FORM.required({})
    assert [f.key for f in FORM.fields()[: len(required)]] == [f.key for f in required]
    assert len(required) <= 12


@pytest.mark.parametrize(
    ("status", "needed", "asked"),
    [
        ("informed", False, False),
        ("not_informed_unsafe", True, True),
        ("not_informed_other", True, True),
        ("partly", False, True),
        ("planned", False, True),
    ],
)
def test_the_reason_is_required_or_asked_by_what_the_family_knows(status: str, needed: bool, asked: bool) -> None:
    reason = FORM.field("informing.reason_not_informed")
    values = {"informing": {"informed_status": status}}
    assert (reason in FORM.required(values)) is needed
    assert FORM.asked(reason, values) is asked


def test_missing_lists_what_is_absent_and_what_is_unknown() -> None:
    values = {"referrer": {"name": "Els"}, "reason": {"immediate_danger": "unknown"}, "persons": [{"age": 9}]}
    missing = FORM.missing(values)
    assert "reason.immediate_danger" in missing
    assert "referrer.organisation" in missing
    assert "referrer.name" not in missing
    assert "persons" not in missing


def test_one_of_phone_and_mail_is_enough_to_send() -> None:
    values = {"referrer": {"name": "Els", "organisation": "CAW", "email": "e@voorbeeld.be"}}
    assert FORM.blocking(values) == (("reason.reason_for_referral", "violence.description"),)


def test_a_school_is_asked_for_children_only() -> None:
    school = FORM.field("persons[0].school")
    adults = {"persons": [{"family_role": "mother", "age": 38}]}
    mixed = {"persons": [{"family_role": "mother", "age": 38}, {"family_role": "child", "age": 9}]}
    assert not FORM.asked(school, adults)
    assert FORM.asked(school, mixed)
    assert not FORM.asked(school, mixed, person=0)
    assert FORM.asked(school, {"persons[0].age": 9})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"violence": {"escalating": "yes"}}, {"red_flags.escalation": "yes"}),
        ({"red_flags": {"escalation": "no"}}, {"violence.escalating": "no"}),
        ({"family.unborn_child": "yes"}, {"red_flags.pregnancy_or_baby": "yes"}),
        ({"family.unborn_child": "no"}, {}),
        ({"relationship.separation_date": "2026-03"}, {"red_flags.recent_separation": "yes"}),
        ({"relationship.separation_date": "2019"}, {}),
        ({"relationship.separation_date": "2025-11-30"}, {"red_flags.recent_separation": "yes"}),
        ({"red_flags.substance_abuse": "yes"}, {"stress_factors": ["substance_use"]}),
        ({"stress_factors": ["income_debt", "housing"]}, {"red_flags.unemployment_finances": "yes"}),
        ({"violence.types": ["physical", "sexual"]}, {"red_flags.sexual_violence": "yes"}),
        ({"violence.escalating": "yes", "red_flags.escalation": "no"}, {}),
    ],
)
def test_the_same_fact_is_set_everywhere(values: dict[str, Any], expected: dict[str, Any]) -> None:
    assert FORM.linked(values, today=TODAY) == expected


def test_a_link_adds_to_a_set_without_losing_what_is_there() -> None:
    values = {"stress_factors": ["housing"], "red_flags": {"mental_health": "yes"}}
    assert FORM.linked(values, today=TODAY)["stress_factors"] == ["housing", "mental_health"]


def test_the_schema_holds_every_key_of_the_form() -> None:
    schema = json_schema(FORM)
    for field in FORM.all_fields:
        if field.type == "flags":
            continue
        node = schema
        for part in field.key.replace("[]", "").split("."):
            node = node.get("items", node)["properties"][part]
    assert schema["properties"]["violence"]["properties"]["frequency_text"] == {"type": "string"}
    assert schema["properties"]["red_flags_text"]["type"] == "object"
    assert schema["properties"]["persons"]["items"]["properties"]["gender"]["enum"] == ["man", "vrouw", "x", "unknown"]


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda d: d["fields"][0].update(typ="text"), "referrer.name: unknown key 'typ'"),
        (lambda d: d["fields"][0].update(type="tekst"), "unknown type 'tekst'"),
        (lambda d: d["fields"][0].update(need="X"), "Use R, A or O"),
        (lambda d: d["fields"][0].pop("question"), "has no 'question'"),
        (lambda d: d["fields"].append(dict(d["fields"][0])), "twice"),
        (lambda d: d["ask_order"].append("referrer.nickname"), "referrer.nickname: is used in a rule"),
        (lambda d: d["fields"][2].update(choices=[]), "referrer.sector: type enum with 0 choices"),
        (lambda d: d["links"].append({"same": ["a.b", "violence.since"]}), "a.b: is used in a rule"),
        (lambda d: d["fields"][0].update(labels=[True]), "labels is not a list of texts"),
        (lambda d: d["links"][1]["when"].update({"in": ["ja"]}), "family.unborn_child: has no choice 'ja'"),
    ],
)
def test_a_wrong_form_file_is_refused_with_place_and_mend(break_it: Any, words: str) -> None:
    data = raw()
    break_it(data)
    with pytest.raises(FormError) as caught:
        build_form(data)
    assert words in str(caught.value)
    assert str(caught.value).startswith("form.yml: ")


def test_a_label_belongs_to_one_field_of_a_section() -> None:
    """Within a part of the form a label must lead to one field, or the mail parser would have to choose."""
    for section in FORM.sections:
        seen: dict[str, str] = {}
        for field in FORM.fields(section.id):
            for label in {label.casefold() for label in field.labels}:
                assert label not in seen or "[]" in field.key, (label, field.key, seen.get(label))
                seen[label] = field.key


def test_synonyms_are_unique_within_a_choice_field() -> None:
    for field in FORM.all_fields:
        seen: dict[str, str] = {}
        for choice in field.choices if field.type in {"enum", "set"} else ():
            for word in {choice.title.casefold(), *(s.casefold() for s in choice.synonyms)}:
                assert word not in seen, (field.key, word, choice.id, seen.get(word))
                seen[word] = choice.id
