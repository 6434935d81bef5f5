"""The words: content and grammar packs, loaded and checked."""
