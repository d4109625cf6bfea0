"""The work done behind the pages: RQ rings the bell, the log holds the work."""
