"""`python -m bot` is `platewise`."""

from bot.cli import main

main()
