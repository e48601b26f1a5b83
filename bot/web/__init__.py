"""HTTP: whether the bot is alive and ready."""
