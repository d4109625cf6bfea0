"""Printing: cards drawn and laid on paper, for offices and print houses, with what goes along with them."""
