"""What developers and `make` run: the installer and the checks of our own."""
