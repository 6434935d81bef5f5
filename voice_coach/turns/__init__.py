"""Turn-taking: when a person has finished, and what came of it. Pure, in audio time."""
