"""The restrictions benchmark: cases, an adversary and a judge of its own. See README.md."""
