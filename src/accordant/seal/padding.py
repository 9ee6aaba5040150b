"""How long a parcel is made: its length shall say little of its content (wire.md 6, limits).

Rules: P(s) is 4,096 up to that size; above it s is rounded up so that only the leading bits of the length vary, at
most 6.3 % more. The filling record itself takes five bytes, so a smaller gap moves on to the next class.
"""

SMALLEST = 4096
PAD_OVERHEAD = 5


def size_class(size: int) -> int:
    """Give P(size): the least padded length, in bytes, that holds `size` bytes."""
    if size <= SMALLEST:
        return SMALLEST
    exponent = size.bit_length() - 1
    step = 1 << exponent - exponent.bit_length()
    return -(-size // step) * step


def padded_size(size: int, least: int = SMALLEST) -> int:
    """Give the length of a parcel whose records take `size` bytes: at least `least`, and never a gap of 1 to 4."""
    padded = size_class(max(size, least))
    return padded if padded == size or padded - size >= PAD_OVERHEAD else size_class(padded + 1)
