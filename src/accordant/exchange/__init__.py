"""Carries entries between nodes: peers, push, receive, cosign, and the transports that move sealed bytes."""
