"""From words to intents: a pure table of whole phrases. No I/O."""
