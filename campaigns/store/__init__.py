"""What the project keeps, in Redis: where the server comes from, its keys, its scripts, the log and the rows."""
