"""References and resume codes: forgiving on input, every slip of one character or of neighbours shows."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.reference import (
    ALPHABET,
    MistypedCode,
    MistypedReference,
    find_mistyped,
    find_references,
    new_reference,
    new_resume_code,
    parse_reference,
    parse_resume_code,
)

SEEDS = st.integers(min_value=0, max_value=2**32)


def reference(seed: int) -> str:
    return new_reference(random.Random(seed).randrange)


def code(seed: int) -> str:
    return new_resume_code(random.Random(seed).randrange)


def test_the_published_example_holds() -> None:
    values = [ALPHABET.index(c) for c in "7K4MQ2X"]
    expected = ALPHABET[sum((8 - i) * v for i, v in enumerate(values)) % 31]
    assert parse_reference(f"CO3-7K4M-Q2X{expected}") == f"CO3-7K4M-Q2X{expected}"


def test_the_alphabet_has_31_values_without_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 31
    assert not set("ILOUZ") & set(ALPHABET)


@given(SEEDS)
def test_every_mistyped_character_shows(seed: int) -> None:
    good = reference(seed)
    for place in (4, 5, 6, 7, 9, 10, 11, 12):
        for other in ALPHABET:
            if other != good[place]:
                with pytest.raises(MistypedReference):
                    parse_reference(good[:place] + other + good[place + 1 :])


@given(SEEDS)
def test_every_swap_of_neighbours_shows(seed: int) -> None:
    compact = reference(seed).replace("-", "")[3:]
    for i in range(7):
        if compact[i] != compact[i + 1]:
            with pytest.raises(MistypedReference):
                parse_reference("CO3" + compact[:i] + compact[i + 1] + compact[i] + compact[i + 2 :])


@given(SEEDS)
def test_case_spaces_dashes_and_look_alikes_are_forgiven(seed: int) -> None:
    good = reference(seed)
    assert parse_reference(good.lower()) == good
    assert parse_reference(f"  {good.replace('-', ' ')} ") == good
    assert parse_reference(good.replace("-", "")) == good
    assert parse_reference(good.replace("-", "–")) == good
    assert parse_reference(good[4:]) == good
    assert parse_reference("CO3-" + good[4:].replace("1", "I").replace("0", "O")) == good
    assert parse_reference("co3-" + good[4:].lower().replace("1", "l").replace("0", "o")) == good


@given(SEEDS)
def test_every_slip_in_a_resume_code_shows(seed: int) -> None:
    good = code(seed).replace("-", "")
    assert len(good) == 12
    for i in range(12):
        for other in ALPHABET:
            if other != good[i]:
                with pytest.raises(MistypedCode):
                    parse_resume_code(good[:i] + other + good[i + 1 :])
    for i in range(11):
        if good[i] != good[i + 1]:
            with pytest.raises(MistypedCode):
                parse_resume_code(good[:i] + good[i + 1] + good[i] + good[i + 2 :])


@given(SEEDS)
def test_a_resume_code_is_read_forgivingly_and_is_no_reference(seed: int) -> None:
    good = code(seed)
    assert parse_resume_code(good.lower().replace("-", " ")) == good
    with pytest.raises(MistypedReference):
        parse_reference(good)


@given(st.text(max_size=30))
def test_any_text_is_a_reference_or_mistyped(text: str) -> None:
    try:
        assert parse_reference(parse_reference(text)) == parse_reference(text)
    except MistypedReference:
        pass


def test_references_are_found_in_prose() -> None:
    first, second = reference(1), reference(2)
    text = f"Betreft {first} en ook {second.lower().replace('-', ' ')}; nogmaals {first}. Bel 03 435 98 10."
    assert find_references(text) == [first, second]
    assert find_mistyped(text) == []


def test_a_mistyped_reference_is_told_from_words() -> None:
    good = reference(3)
    bad = good[:-1] + ("A" if good[-1] != "A" else "B")
    assert find_references(bad) == []
    assert find_mistyped(f"ref. {bad} graag") == [bad]
    assert find_references("CO3 heeft veel werk") == []
    assert find_mistyped("CO3 heeft veel werk; CO3 mama papa") == []
