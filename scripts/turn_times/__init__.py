"""How long a session takes to answer, to fall silent and to come back: the parts of bench_turns."""
