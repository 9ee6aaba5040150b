"""The logs held by this node: append, replica, projector, replay, verify, read."""
