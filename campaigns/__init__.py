"""The consultation itself: what is asked, what is received, how it is coded, counted and drafted."""
