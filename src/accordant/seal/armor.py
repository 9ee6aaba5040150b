"""The text form of an age file: strict PEM (c2sp.org/age, ASCII armor; RFC 7468 figure 3).

Rules: one label, lines of 64 columns, padded canonical base64, LF or CRLF; nothing but white space before and after.
Local key files may wear it, nothing from the wire does.
"""

import base64
import binascii
import re

from accordant.seal.errors import BadArmor

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
COLUMNS = 64
SPACE = b" \t\r\n"
BLOCK = re.compile(rb"(?:[A-Za-z0-9+/]{64}\n)*(?:([A-Za-z0-9+/]{1,63}={0,2})\n)?")


def is_armored(data: bytes) -> bool:
    """Tell whether `data` begins, after white space, with the mark of the text form."""
    return data.lstrip(SPACE).startswith(BEGIN)


def armor(data: bytes) -> bytes:
    """Give the text form of `data`, with LF at the end of each line."""
    text = base64.b64encode(data)
    lines = [text[start : start + COLUMNS] for start in range(0, len(text), COLUMNS)]
    return b"\n".join([BEGIN, *lines, END]) + b"\n"


def dearmor(text: bytes) -> bytes:
    """Give the bytes inside; raises BadArmor on any spelling but the canonical one."""
    block = text.strip(SPACE).replace(b"\r\n", b"\n")
    if not block.startswith(BEGIN + b"\n") or not block.endswith(b"\n" + END):
        raise BadArmor("first or last line")
    lines = BLOCK.fullmatch(block[len(BEGIN) + 1 : -len(END)])
    if lines is None or len(lines[1] or b"") > COLUMNS:
        raise BadArmor("lines")
    inside = lines[0].replace(b"\n", b"")
    try:
        data = base64.b64decode(inside, validate=True)
    except binascii.Error:
        raise BadArmor("base64") from None
    if base64.b64encode(data) != inside:
        raise BadArmor("base64 that is not canonical")
    return data
