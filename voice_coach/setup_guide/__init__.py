"""The first minute on a device: a short talk that ends in settings."""
