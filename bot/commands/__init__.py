"""What each command of `platewise` does, one file per command."""
