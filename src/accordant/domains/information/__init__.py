"""Information: items that agencies exchange, from the signature to the acknowledgement or the return."""
