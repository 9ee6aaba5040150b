"""The only writers of programmes."""
