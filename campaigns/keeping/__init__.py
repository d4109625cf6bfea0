"""Keeping and forgetting: backups, restoring them, and letting words go that are erased or whose time is up."""
