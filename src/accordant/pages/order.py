"""The Vietnamese order of words as bytes, so that every database sorts alike: d < đ < e, then tones, then capitals."""

import unicodedata
from typing import Final

_LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_SIGNS: Final = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"  # as in the root order of Unicode: before digits and letters
_SHAPES: Final = {"\u0302": {"a": "â", "e": "ê", "o": "ô"}, "\u0306": {"a": "ă"}, "\u031b": {"o": "ơ", "u": "ư"}}
_TONES: Final = {"\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0301": 5, "\u0323": 6}  # huyền hỏi ngã sắc nặng
_FIRST_SIGN, _FIRST_DIGIT, _FIRST_LETTER, _ELSEWHERE = 2, 0x40, 0x50, 0xF0
_PLAIN, _OTHER_MARK = 1, 7
_WEIGHTS: Final = {
    **{sign: bytes([_FIRST_SIGN + place]) for place, sign in enumerate(_SIGNS)},
    **{digit: bytes([_FIRST_DIGIT + place]) for place, digit in enumerate("0123456789")},
    **{letter: bytes([_FIRST_LETTER + place]) for place, letter in enumerate(_LETTERS)},
}


def sort_key(text: str) -> bytes:
    """Bytes that sort as Vietnamese readers expect: by letters, then by tones, then small before capital."""
    letters: list[bytes] = []
    tones = bytearray()
    capitals = bytearray()
    for character in unicodedata.normalize("NFC", text):
        base, tone = _taken_apart(character)
        small = base.lower()
        letters.append(_WEIGHTS.get(small) or bytes([_ELSEWHERE]) + small.encode())
        tones.append(tone)
        capitals.append(1 if small == base else 2)
    return b"".join(letters) + b"\0" + bytes(tones) + b"\0" + bytes(capitals)


def _taken_apart(character: str) -> tuple[str, int]:
    """The letter with its shape (ă â đ ê ô ơ ư are letters of their own) and the weight of its tone."""
    base, tone = character, _PLAIN
    decomposed = unicodedata.normalize("NFD", character)
    if len(decomposed) > 1:
        base = decomposed[0]
        for mark in decomposed[1:]:
            shaped = _SHAPES.get(mark, {}).get(base.lower())
            if shaped:
                base = shaped if base.islower() else shaped.upper()
            else:
                tone = _TONES.get(mark, _OTHER_MARK)
    return base, tone
