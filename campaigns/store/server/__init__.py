"""The embedded server: its process, its places and disk, what it has written, and snapshots taken from it."""
