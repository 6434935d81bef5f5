"""Recognisers' models: which there are, how one is fetched, checked, unpacked and removed."""
