"""Formats of shared facts: envelope, canonical JSON, statements, cards, registries of kinds and indicators.

Pure: no files, sockets, clock or chance. What a single kind means stands in its domain.
"""
