"""From sound to utterances: voice activity, endpoints, recognisers."""
