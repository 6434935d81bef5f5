"""How Whisper's encoder is taken out of a ready-made package and made into a network of its own."""
