"""Scanned cards: a file opened, its pages looked at, codes found and cards cut out, in a process that may break."""
