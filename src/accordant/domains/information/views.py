"""Pages of information."""
