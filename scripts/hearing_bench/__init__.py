"""What scripts/bench_hearing is made of: what is said, in which conditions, what was heard, the figures."""
