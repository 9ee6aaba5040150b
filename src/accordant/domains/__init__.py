"""The domains: each one folder with the same files; none imports another."""
