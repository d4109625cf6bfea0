"""Catching up: the two consumers that turn events into rows and into codings, safe to repeat on any number of machines."""
