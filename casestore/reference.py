"""References of referrals and codes to resume: random, without personal data, safe to read over the phone.

Both use Crockford's base32 alphabet without Z (31 values, a prime) and end in a check character, so that every
mistyped character and every swap of neighbours shows.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXY"
_VALUES: Final = {c: i for i, c in enumerate(ALPHABET)}
_FORGIVEN: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})
_REFERENCE_LENGTH: Final = 8
_CODE_LENGTH: Final = 12
_GAP: Final = r"[\s\-–—‑_.]*"
_CHARACTER: Final = "[0-9A-Ya-y]"
_IN_TEXT: Final = re.compile(
    rf"(?<![0-9A-Za-z])C[O0]3{_GAP}({_CHARACTER}{{4}}){_GAP}({_CHARACTER}{{4}})(?![0-9A-Za-z])", re.IGNORECASE
)

Randbelow = Callable[[int], int]
"""Gives a random number from 0 up to, not including, its argument; `secrets.randbelow` outside tests."""


class MistypedReference(ValueError):
    """The text is no reference that could ever have been given out; ask to type it again."""


class MistypedCode(ValueError):
    """The text is no resume code that could ever have been given out; ask to type it again."""


def new_reference(randbelow: Randbelow = secrets.randbelow) -> str:
    """A fresh reference such as CO3-7K4M-Q2X4; uniqueness is for the store to see to."""
    code = _new(_REFERENCE_LENGTH, randbelow)
    return f"CO3-{code[:4]}-{code[4:]}"


def parse_reference(text: str) -> str:
    """The reference in its one written form; MistypedReference when the check character disagrees."""
    compact = _compact(text)
    if compact.startswith(("CO3", "C03")) and len(compact) == _REFERENCE_LENGTH + 3:
        compact = compact[3:]
    code = compact.translate(_FORGIVEN)
    if not _holds(code, _REFERENCE_LENGTH):
        raise MistypedReference(text)
    return f"CO3-{code[:4]}-{code[4:]}"


def find_references(text: str) -> list[str]:
    """The valid references in a text, each once, in order; always with the CO3 in front."""
    found: list[str] = []
    for match in _IN_TEXT.finditer(text):
        code = (match[1] + match[2]).upper().translate(_FORGIVEN)
        if _holds(code, _REFERENCE_LENGTH):
            reference = f"CO3-{code[:4]}-{code[4:]}"
            if reference not in found:
                found.append(reference)
    return found


def find_mistyped(text: str) -> list[str]:
    """Pieces of a text that look like a reference, with a digit in them, and fail the check."""
    return [
        match[0]
        for match in _IN_TEXT.finditer(text)
        if not find_references(match[0]) and any(c.isdigit() for c in match[1] + match[2])
    ]


def new_resume_code(randbelow: Randbelow = secrets.randbelow) -> str:
    """A code to go on with a paused referral: eleven random characters (54 bits) and a check, XXXX-XXXX-XXXX."""
    code = _new(_CODE_LENGTH, randbelow)
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def parse_resume_code(text: str) -> str:
    """The code in its one written form; MistypedCode when the check character disagrees."""
    code = _compact(text).translate(_FORGIVEN)
    if not _holds(code, _CODE_LENGTH):
        raise MistypedCode(text)
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def _new(length: int, randbelow: Randbelow) -> str:
    values = [randbelow(len(ALPHABET)) for _ in range(length - 1)]
    return "".join(ALPHABET[v] for v in (*values, _check(values)))


def _check(values: Sequence[int]) -> int:
    """The sum of (n + 1 - i) * v_i over the n data characters, modulo 31: weights n + 1 down to 2."""
    return sum((len(values) + 1 - i) * v for i, v in enumerate(values)) % len(ALPHABET)


def _holds(code: str, length: int) -> bool:
    if len(code) != length or any(c not in _VALUES for c in code):
        return False
    values = [_VALUES[c] for c in code]
    return _check(values[:-1]) == values[-1]


def _compact(text: str) -> str:
    return re.sub(_GAP, "", text.strip()).upper()
