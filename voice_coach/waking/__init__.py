"""Waiting for somebody to call: a phrase heard on this device, and nothing else."""
