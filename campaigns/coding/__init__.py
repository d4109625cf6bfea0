"""Coding wishes: the frame, sentence vectors, the tagger that learns from them, and how well it does."""
