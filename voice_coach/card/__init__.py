"""The printed card: the words to know, with their pictures, and the numbers."""
