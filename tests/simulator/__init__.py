"""A deterministic world of the real code: N nodes in one process, no sockets, a driven clock, seeded chance."""
