"""Whole sessions with a simulated person who answers by voice: for trying, testing and showing."""
