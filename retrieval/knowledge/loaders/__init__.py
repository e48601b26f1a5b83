"""Loaders for the world's data about food, one file a format."""
