"""Belgian postcodes and places: in or out of the working area, and reading them from text with their traps.

The area and the traps are data (`places.yml`); other Belgian places come from the list that `belgian-deduce` carries.
"""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from rapidfuzz import fuzz, process

Area = Literal["inside", "doubtful", "outside"]
PLACES_FILE: Final = Path(__file__).with_name("places.yml")


class PlacesError(ValueError):
    """The places file is wrong; the message says where, and how to mend it."""


@dataclass(frozen=True)
class Place:
    """A place in a text: the name as it is properly written, the postcodes it may have, where it stands."""

    name: str | None
    postcodes: tuple[str, ...]
    start: int
    end: int
    written: bool = False
    """The postcode itself stands in the text."""
    of_organisation: bool = False
    """The name belongs to an organisation (PZ Antwerpen), and says nothing of where people live."""

    @property
    def postcode(self) -> str | None:
        """The postcode, when there is only one it can be."""
        return self.postcodes[0] if len(self.postcodes) == 1 else None

    @property
    def area(self) -> Area:
        """Where it lies; doubtful when its postcodes lie apart."""
        areas = {area(code) or "outside" for code in self.postcodes}
        return areas.pop() if len(areas) == 1 else "doubtful"


@dataclass(frozen=True)
class _Places:
    inside: frozenset[str]
    doubtful: frozenset[str]
    names: dict[str, tuple[str, ...]]
    """Names of a postcode; of the area, of `elsewhere`, else of the general list."""
    codes: dict[str, tuple[str, tuple[str, ...]]]
    """Folded name to its proper writing and its postcodes."""
    known: frozenset[str]
    shy: frozenset[str]
    """Folded names that are also words or family names."""
    familiar: frozenset[str]
    """Folded names of the area and of municipalities: read in lower case too, and with a typing slip."""


def area(postcode: str) -> Area | None:
    """Inside, doubtful or outside the working area; None when it is no Belgian postcode."""
    data = _data()
    if postcode in data.inside:
        return "inside"
    if postcode in data.doubtful:
        return "doubtful"
    return "outside" if postcode in data.known else None


def is_postcode(text: str) -> bool:
    """Whether this is a Belgian postcode that exists."""
    return text in _data().known


def municipality(postcode: str) -> str | None:
    """The name of the municipality or district, when the postcode has only one name."""
    names = _data().names.get(postcode, ())
    return names[0] if len(names) == 1 else None


def names_of(postcode: str) -> tuple[str, ...]:
    """All names of a postcode."""
    return _data().names.get(postcode, ())


def match_place(text: str) -> Place | None:
    """The place that this whole short answer names, also with a typing slip; None when it is no place."""
    code = re.search(r"(?<!\d)(?:B[- ]?)?([1-9]\d{3})(?!\d)", text)
    if code and is_postcode(code[1]):
        rest = (text[: code.start()] + " " + text[code.end() :]).strip(" .,;()-/")
        named = match_place(rest) if rest else None
        return Place(named.name if named else municipality(code[1]), (code[1],), 0, len(text), written=True)
    stripped = re.sub(
        r"^(?:in|te|uit|regio|gemeente|district|stad|het|de|omgeving)\s+", "", text.strip(" .,;!?\n\t"), flags=re.I
    )
    key = _fold(stripped)
    data = _data()
    if not key or len(key) > 40:
        return None
    if key not in data.codes:
        if len(key) < 5:
            return None
        found = process.extract(key, data.familiar, scorer=fuzz.ratio, score_cutoff=86, limit=2)
        if not found or (len(found) > 1 and found[1][1] == found[0][1]):
            return None
        key = found[0][0]
    name, codes = data.codes[key]
    return Place(name, codes, 0, len(text))


def find_places(text: str) -> tuple[Place, ...]:
    """The places in running text: names, postcodes with their name, postcodes that the words around show to be one."""
    return tuple(_find(text))


_WORD = re.compile(r"'?[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?", re.UNICODE)
_CODE = re.compile(r"(?<![\d.,/+\-])(?:B[- ]?)?([1-9]\d{3})(?![\d/]|[.,]\d|-\d)")
_BEFORE_PLACE = re.compile(
    r"(?:^|\W)(?:in|te|uit|naar|nabij|omgeving|regio|gemeente|stad|district|deelgemeente)\s+$", re.I
)
_NAME_PARTICLE = re.compile(r"(?:^|\s)(?:[Vv]an|[Vv]ande|[Vv]ander|[Vv]anden|[Vv]an [Dd]e[nr]?|De|Ver|D')\s*$")
_PLACE_FROM = re.compile(
    r"(?:komt|kom|komen|afkomstig|gezin|familie|koppel|mensen|cliënte?|mevrouw|iemand)\s+van\s*$", re.I
)
_ORGANISATION = re.compile(
    r"(?:^|\W)(?:pz|lpa|politie|politiezone|zone|parket|jeugdparket|caw|ocmw|clb|vclb|cgg|vk|cko|justitiehuis|stad|"
    r"ziekenhuis|az|uz|huis|centrum|rechtbank|jeugdrechtbank|vluchthuis|thuis|dienst|afdeling|regio|hulp|co3|fjc|school|"
    r"kindermishandeling|opgroeien|jeugdzorg|ocj|zas|agentschap|universiteit|college|basisschool|atheneum|provincie)\s+$",
    re.I,
)
_CODE_SHOWN = re.compile(
    r"(?:postcode|postnummer|zip)\D{0,12}$|(?:woon|won|woont|wonen|wonende|verblijf|verblijven|verblijft|gezin|thuis|domicilie|adres)\b[^.;!?\n]{0,45}?\b(?:in|te)\s+$|\d{1,4}[a-zA-Z]?(?:\s*(?:bus|b)\s*\w+)?\s*,\s*$",
    re.I,
)
_SINCE = re.compile(
    r"\b(?:sinds|vanaf|tot|al|van|jaar|sedert|eind|begin|midden|zomer|winter|lente|herfst|najaar|voorjaar)\s+(?:in\s+)?$",
    re.I,
)


def _find(text: str) -> Iterator[Place]:
    names = list(_names(text))
    taken: set[int] = set()
    for match in _CODE.finditer(text):
        code = match[1]
        if not is_postcode(code):
            continue
        follower = next(
            (p for p in names if p.start >= match.end() and re.fullmatch(r"[\s,(\-–]*", text[match.end() : p.start])),
            None,
        )
        before = text[: match.start()]
        if follower is not None and not _SINCE.search(before):
            taken.add(follower.start)
            yield Place(follower.name, (code,), match.start(), follower.end, written=True)
            continue
        leader = next(
            (p for p in names if p.end <= match.start() and re.fullmatch(r"[\s,]*\(\s*", text[p.end : match.start()])),
            None,
        )
        if leader is not None and text[match.end() : match.end() + 1] == ")":
            taken.add(leader.start)
            yield Place(leader.name, (code,), leader.start, match.end() + 1, written=True)
        elif text.strip(" .!?\n") == match[0] or (_CODE_SHOWN.search(before) and not _SINCE.search(before)):
            yield Place(municipality(code), (code,), match.start(), match.end(), written=True)
    yield from (p for p in names if p.start not in taken)


def _names(text: str) -> Iterator[Place]:
    data = _data()
    words = list(_WORD.finditer(text))
    i = 0
    while i < len(words):
        for size in range(min(5, len(words) - i), 0, -1):
            first, last = words[i], words[i + size - 1]
            end = last.end() - (1 if last[0].endswith(".") and not _fold(last[0]) == "st" else 0)
            key = _fold(text[first.start() : end])
            if key not in data.codes or not _joined(text, words[i : i + size]):
                continue
            if _is_place_here(text, first.start(), end, key, data):
                name, codes = data.codes[key]
                before = text[: first.start()]
                yield Place(name, codes, first.start(), end, of_organisation=bool(_ORGANISATION.search(before)))
                i += size - 1
                break
        i += 1


def _joined(text: str, words: list[re.Match[str]]) -> bool:
    return all(re.fullmatch(r"[\s\-'’]{1,2}", text[a.end() : b.start()]) for a, b in pairwise(words))


def _is_place_here(text: str, start: int, end: int, key: str, data: _Places) -> bool:
    written, before = text[start:end], text[:start]
    if text.strip(" .,!?\n") == written:
        return True
    if _NAME_PARTICLE.search(before) and not _PLACE_FROM.search(before):
        return False
    capital = written.lstrip("'")[:1].isupper() or any(p[:1].isupper() for p in re.split(r"[-\s]", written))
    after_preposition = bool(_BEFORE_PLACE.search(before))
    after_code = bool(re.search(r"(?<!\d)[1-9]\d{3}[\s,]*$", before)) and not _SINCE.search(
        re.sub(r"[1-9]\d{3}[\s,]*$", "", before)
    )
    if key in data.shy:
        return (
            (capital and after_preposition)
            or after_code
            or (after_preposition and key in data.familiar and _home(before))
        )
    if capital:
        return True
    return key in data.familiar and len(key) >= 5


def _home(before: str) -> bool:
    return bool(
        re.search(r"\b(?:woon|woont|wonen|wonend|wonende|verblij\w+|gezin|thuis)\b[^.;!?]{0,30}$", before, re.I)
    )


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = re.sub(r"^st[. \-]+(?=\w)|^sint[. \-]+(?=\w)", "sint", plain)
    return "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c))


# --------------------------------------------------------------------------- data


@cache
def _data() -> _Places:
    with PLACES_FILE.open(encoding="utf-8") as stream:
        table = yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)
    _check(table)
    own = {**table["inside"], **table["doubtful"]}
    general = _general_names()
    names = {**general, **{c: tuple(n) for c, n in table["elsewhere"].items()}, **{c: tuple(n) for c, n in own.items()}}
    codes: dict[str, tuple[str, tuple[str, ...]]] = {}
    for code, listed in sorted(general.items()):
        for name in listed:
            _add(codes, name, code)
    for code, listed in table["elsewhere"].items():
        for name in listed:
            codes.pop(_fold(name), None)
            _add(codes, name, code)
    for code, listed in own.items():  # the area's own names win over the same name elsewhere
        for name in listed:
            codes[_fold(name)] = (name, (code,))
    for name, code in table["nicknames"].items():
        codes[_fold(name)] = (municipality_name(names, code) or name, (code,))
    for group in ("ambiguous", "areas"):
        for name, listed in table[group].items():
            proper = "Antwerpen" if group == "areas" else name
            codes[_fold(name)] = (proper, tuple(listed))
    own_names = {_fold(n) for listed in own.values() for n in listed} | {_fold(n) for n in table["nicknames"]}
    own_names |= {_fold(n) for group in ("ambiguous", "areas") for n in table[group]}
    towns = {_fold(n) for n in _lines("locations/lst_placename/lst_municipality/items.txt")} & set(codes)
    words = {_fold(n) for n in table["common_words"]}
    people = {_fold(n) for n in _lines("names/lst_first_name/items.txt")}
    people |= {_fold(n) for n in _lines("names/lst_surname/items.txt")}
    shy = (words | (people & set(codes)) | {k for k in codes if len(k) <= 4}) - {"gent", "lier", "genk", "namur"}
    return _Places(
        inside=frozenset(table["inside"]),
        doubtful=frozenset(table["doubtful"]),
        names=names,
        codes=codes,
        known=frozenset(c for c in names if "1000" <= c <= "9992"),
        shy=frozenset(shy),
        familiar=frozenset(own_names | towns),
    )


def municipality_name(names: dict[str, tuple[str, ...]], code: str) -> str | None:
    """The one name of a postcode in this table."""
    listed = names.get(code, ())
    return listed[0] if len(listed) == 1 else None


def _add(codes: dict[str, tuple[str, tuple[str, ...]]], name: str, code: str) -> None:
    key = _fold(name)
    if key in codes:
        proper, known = codes[key]
        codes[key] = (proper, known if code in known else (*known, code))
    elif key:
        codes[key] = (name, (code,))


def _general_names() -> dict[str, tuple[str, ...]]:
    """Postcode to its plain names; variants ("Hal (Halle)") and institutions with a code of their own stay out."""
    plain: dict[str, list[str]] = {}
    for line in _lines("locations/lst_postal_code_locality/items.txt"):
        code, _, name = line.partition("\t")
        listed = plain.setdefault(code, [])
        if "(" not in name and not re.search(r"\d|commune|partie|^[A-Z]{2,}$", name) and len(name.split()) <= 5:
            listed.append(name)
    return {code: tuple(listed) for code, listed in plain.items()}


@cache
def resource(path: str) -> Path:
    """A list that belgian-deduce carries, found without importing that package."""
    spec = importlib.util.find_spec("belgian_deduce")
    if spec is None or not spec.submodule_search_locations:
        raise PlacesError("belgian-deduce is not installed. Install the program's dependencies again.")
    return Path(spec.submodule_search_locations[0]) / "data" / "lookup" / "src" / path


def _lines(path: str) -> Iterable[str]:
    return (line for line in resource(path).read_text(encoding="utf-8").splitlines() if line.strip())


def _check(table: Any) -> None:
    groups = ("inside", "doubtful", "elsewhere", "nicknames", "ambiguous", "areas", "common_words")
    for group in groups:
        if not isinstance(table, dict) or group not in table:
            raise PlacesError(
                f"places.yml: {group}: is missing. Take it over from the file that came with the program."
            )
    for group in ("inside", "doubtful", "elsewhere"):
        for code in table[group]:
            if not isinstance(code, str) or not re.fullmatch(r"[1-9]\d{3}", code):
                raise PlacesError(
                    f'places.yml: {group}: {code!r} is no postcode. Write four digits in quotes, as in "2018".'
                )
    twice = set(table["inside"]) & set(table["doubtful"])
    if twice:
        raise PlacesError(f"places.yml: {sorted(twice)} stand in inside and in doubtful. Keep one.")
