"""The worked example: three invented agencies, one regulation, five years of work, one review.

Nothing here is reachable from `accordant serve` (contract 14): what the demo does, it does by the ordinary commands.
"""
