"""Bech32 as age uses it: BIP 173 without its length limit (c2sp.org/age, conventions).

Rules: one case throughout, a checksum over the lower-case form, five-bit groups that fill whole bytes with less than
five zero bits left over. Which prefix belongs to which key is decided in `recipients`.
"""

from accordant.seal.errors import BadRecipient

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
VALUES = {letter: value for value, letter in enumerate(CHARSET)}
CHECKSUM_LETTERS = 6
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _reductions() -> tuple[int, ...]:
    """What each value of the five leading bits adds to the checksum: a post-quantum key has 1,959 letters."""
    table = []
    for top in range(32):
        reduction = 0
        for bit, generator in enumerate(GENERATORS):
            if top >> bit & 1:
                reduction ^= generator
        table.append(reduction)
    return tuple(table)


REDUCTIONS = _reductions()


def encode(prefix: str, data: bytes) -> str:
    """Give the lower-case Bech32 text of `data` under the lower-case `prefix`."""
    groups = _to_groups(data)
    check = _polymod([*_expanded(prefix), *groups, *([0] * CHECKSUM_LETTERS)]) ^ 1
    groups += [check >> 5 * (CHECKSUM_LETTERS - 1 - place) & 31 for place in range(CHECKSUM_LETTERS)]
    return prefix + "1" + "".join(CHARSET[group] for group in groups)


def decode(text: str) -> tuple[str, bytes]:
    """Give the prefix as it is written, and the bytes; raises BadRecipient on any other spelling than the one."""
    if text not in (text.lower(), text.upper()):
        raise BadRecipient("mixed case")
    prefix, mark, letters = text.rpartition("1")
    if not mark or not prefix or len(letters) < CHECKSUM_LETTERS:
        raise BadRecipient("no prefix or no checksum")
    if any(not "!" <= letter <= "~" for letter in prefix):
        raise BadRecipient("prefix outside printable ASCII")
    try:
        groups = [VALUES[letter] for letter in letters.lower()]
    except KeyError:
        raise BadRecipient("letter outside the Bech32 set") from None
    if _polymod([*_expanded(prefix.lower()), *groups]) != 1:
        raise BadRecipient("wrong checksum")
    return prefix, _to_bytes(groups[:-CHECKSUM_LETTERS])


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ REDUCTIONS[check >> 25]
    return check


def _expanded(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _to_groups(data: bytes) -> list[int]:
    spare = -len(data) * 8 % 5
    number = int.from_bytes(data, "big") << spare
    count = (len(data) * 8 + spare) // 5
    return [number >> 5 * (count - 1 - place) & 31 for place in range(count)]


def _to_bytes(groups: list[int]) -> bytes:
    spare = len(groups) * 5 % 8
    number = 0
    for group in groups:
        number = number << 5 | group
    if spare >= 5 or number & ((1 << spare) - 1):
        raise BadRecipient("left-over bits")
    return (number >> spare).to_bytes(len(groups) * 5 // 8, "big")
