"""Looking wishes up by their words, in an index that any machine can make afresh."""
