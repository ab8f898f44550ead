"""Postcodes and places: the working area, its traps, and reading places from text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.places import area, find_places, is_postcode, match_place, municipality

FACTS = Path(__file__).resolve().parents[2].parent / "shared" / "domain" / "facts.md"


def test_the_area_is_the_table_of_the_facts() -> None:
    if not FACTS.exists():
        pytest.skip("the shared domain documents are not here")
    section = FACTS.read_text(encoding="utf-8").split("## 7. Working area")[1].split("Traps:")[0]
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", section, re.M))
    inside = [r for name, r in rows.items() if name.strip() in {"Stad Antwerpen, districts", "South", "North"}]
    inside += [r for name, r in rows.items() if name.startswith("East")]
    codes = re.findall(r"\b\d{4}\b", " ".join(inside))
    assert len(codes) == 45
    assert {area(c) for c in codes} == {"inside"}
    assert area("2070") == "doubtful"
    for name, row in rows.items():
        if name.startswith("Outside"):
            assert {area(c) for c in re.findall(r"\b2\d{3}\b", row)} <= {"outside", None}
    for row in inside:
        for part in row.split(";"):
            listed = re.findall(r"\d{4}", part)
            for name in re.sub(r"[\d ]*\d{4}", "", part).split(","):
                place = match_place(name.strip())
                assert place is not None, name
                assert set(listed) & set(place.postcodes), (name, place)


@pytest.mark.parametrize(
    ("postcode", "expected"),
    [
        ("2018", "inside"),
        ("2070", "doubtful"),
        ("2800", "outside"),
        ("1500", "outside"),
        ("9000", "outside"),
        ("3290", "outside"),
        ("2019", None),
        ("0999", None),
        ("9999", None),
        ("201", None),
        ("Deurne", None),
        ("", None),
    ],
)
def test_the_area_of_a_postcode(postcode: str, expected: str | None) -> None:
    assert area(postcode) == expected


@pytest.mark.parametrize(
    ("postcode", "name"),
    [
        ("2018", "Antwerpen"),
        ("2100", "Deurne"),
        ("2150", "Borsbeek"),
        ("2240", None),
        ("2980", None),
        ("2070", None),
        ("1500", "Halle"),
        ("2900", "Schoten"),
        ("9999", None),
    ],
)
def test_a_postcode_of_one_name_gives_it(postcode: str, name: str | None) -> None:
    assert municipality(postcode) == name


def test_a_bare_deurne_is_the_district_and_a_bare_halle_is_asked() -> None:
    deurne, halle = match_place("Deurne"), match_place("halle")
    assert deurne is not None and deurne.postcode == "2100"
    assert halle is not None and halle.postcode is None and halle.area == "doubtful"
    assert set(halle.postcodes) == {"2980", "1500"}


def test_antwerpen_alone_is_inside_but_has_no_postcode() -> None:
    place = match_place("Antwerpen")
    assert place is not None and place.postcode is None and place.area == "inside"


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("Borgerhuot", "2140"),
        ("brasschat", "2930"),
        ("st.-lenaarts", "2960"),
        ("Linkeroever", "2050"),
        ("2018 antwerpen", "2018"),
        ("in Boom", "2850"),
        ("B-2600 Berchem", "2600"),
        ("Merksem (2170)", "2170"),
        ("Mechelen", "2800"),
    ],
)
def test_a_short_answer_is_a_place_also_with_a_slip(text: str, postcode: str) -> None:
    place = match_place(text)
    assert place is not None and place.postcode == postcode


@pytest.mark.parametrize("text", ["ja", "weet ik niet", "Parijs", "moeder", "", "?!", "deels"])
def test_other_answers_are_no_place(text: str) -> None:
    assert match_place(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ze wonen in de Lange Leemstraat in 2018 Antwerpen", [("Antwerpen", "2018")]),
        ("sinds 2018 wonen ze in Merksem", [("Merksem", "2170")]),
        ("sinds 2018 Antwerpen verlaten", [("Antwerpen", None)]),
        ("in 2020 verhuisd naar Sint-Job-in-'t-Goor", [("Sint-Job-in-'t-Goor", "2960")]),
        ("Kerkstraat 12 bus 3, 2060", [("Antwerpen", "2060")]),
        ("het gezin (Hoboken) en de vader in Halle", [("Hoboken", "2660"), ("Halle", None)]),
        ("hij zat in een boom, at reet, en as", []),
        ("Els Van Mechelen belt", []),
        ("Jan Mol en Piet Lens", []),
        ("pv 2018/1234 van 2019", []),
        ("bel 0470 20 18 20 of 03 2100 11", []),
    ],
)
def test_places_in_running_text(text: str, found: list[tuple[str, str | None]]) -> None:
    assert [(p.name, p.postcode) for p in find_places(text)] == found


def test_the_town_of_an_organisation_is_marked() -> None:
    police, home = find_places("inspecteur bij PZ Antwerpen, gezin in Kontich")
    assert police.of_organisation and not home.of_organisation


@given(st.text(max_size=120))
def test_any_text_can_be_searched_and_quotes_lie_inside_it(text: str) -> None:
    for place in find_places(text):
        assert 0 <= place.start < place.end <= len(text)
        assert all(is_postcode(c) or c in {"1780"} for c in place.postcodes)
    match_place(text)
