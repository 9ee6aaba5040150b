"""One fold for searched text and for the query: marks and capitals do not count, đ is d (screens paper 6)."""

import unicodedata


def fold(text: str) -> str:
    """`text` without marks and in small letters: "Đường Đồng Nai" gives "duong dong nai"."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return plain.replace("đ", "d").replace("Đ", "d").casefold()
