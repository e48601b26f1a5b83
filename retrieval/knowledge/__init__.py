"""The knowledge base: foods, recipes and notes, their files and their loaders."""
