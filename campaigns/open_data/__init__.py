"""Open data: tables released to everyone, from which nobody can be picked out, and the wishes that were cleared."""
