"""Finding wishes by their words and by what they mean, in an index that any machine can make afresh."""
