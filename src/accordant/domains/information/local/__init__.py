"""Rows of this node alone: what was read."""
