"""Property tests draw the same examples every time, and are never judged by the clock."""

from hypothesis import settings

settings.register_profile("understanding", derandomize=True, deadline=None, database=None, max_examples=300)
settings.load_profile("understanding")
