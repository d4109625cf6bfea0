"""The sample that people code a second time, apart from machine and each other: drawing it, agreement, and ranges from it."""
