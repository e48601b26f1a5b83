"""What may this person eat, and what do we know about it? Imports nobody else here."""
