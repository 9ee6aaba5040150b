"""SQLite as the node uses it: Django's backend, held to the durability settings at each connect."""
