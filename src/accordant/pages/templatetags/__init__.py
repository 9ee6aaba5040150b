"""Filters and tags that templates load as `pages`."""
