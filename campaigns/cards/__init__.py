"""Printed wish cards: their serials and tokens, their symbols, and the sheets they are printed on."""
