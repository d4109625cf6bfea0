"""The benchmarks behind ``bin/bench``: each figure beside its baseline, measured in the same run, turn and turn about."""
