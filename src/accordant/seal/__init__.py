"""Sealing: age files, and the parcels of records that travel in them.

Keeps the rules of wire.md sections 6 (parcel) and 7 (sealing) and of c2sp.org/age. It knows bytes only: who may
receive what, whether a signature or a root holds, and where bytes come from or go to is decided above.
"""
