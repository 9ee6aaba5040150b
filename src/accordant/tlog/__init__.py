"""Transparency logs after the C2SP specifications, a file per specification; no I/O, no clock, no private keys.

Keys stay with the caller: whatever signs takes a callable `Sign` from message to signature. Left to others: what a
leaf means, which keys are in force, and where anything is stored.
"""
