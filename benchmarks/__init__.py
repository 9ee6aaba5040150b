"""Benchmarks: one command each, ending in one JSON line of figures, the machine's own limits and the ratios."""
