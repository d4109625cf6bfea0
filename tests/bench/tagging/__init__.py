"""Which way of coding wishes is best: candidates compared by nested cross-validation on comments that people coded."""
