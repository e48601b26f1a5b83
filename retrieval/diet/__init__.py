"""Restrictions, allergens, diets and the ingredient lexicon."""
