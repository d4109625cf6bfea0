"""Notices by e-mail: each says that something waits and where, never what anybody wrote; off unless a server is named."""
