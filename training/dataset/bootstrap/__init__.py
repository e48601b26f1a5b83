"""A dataset before anybody has asked: conversations made from the knowledge base, true by construction.

`bootstrap_rows` makes them; `rows` does for callers without an event loop. Questions are phrasings with their slots
filled (`data/`), passages come from the real search, and answers are put together from the figures and words of those
passages, in the form of the bot's own.
"""

from training.dataset.bootstrap.kinds import KINDS
from training.dataset.bootstrap.rows import Accepts, Made, Tally, bootstrap_rows, rows
from training.dataset.bootstrap.splits import SPLITS, Split

__all__ = ["KINDS", "SPLITS", "Accepts", "Made", "Split", "Tally", "bootstrap_rows", "rows"]
