"""Logging: one line each, on stderr. Ids, lengths and times; never a person's words, names or tokens."""

import logging
import os

from rich.console import Console
from rich.logging import RichHandler


def quieten_libraries() -> None:
    """Keep what libraries print by themselves off the terminal. Call it before they are imported."""
    os.environ.setdefault("LANCEDB_LOG", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    # Without a handler Python prints warnings bare, in the middle of a chat. `run` sets up a real log.
    logging.getLogger().addHandler(logging.NullHandler())


def set_up_logging(*, level: int = logging.INFO) -> None:
    """Send the log to stderr. Libraries that log addresses (with the token in them) or texts are kept quiet."""
    handler = RichHandler(console=Console(stderr=True), show_path=False, markup=False, rich_tracebacks=False)
    logging.basicConfig(level=level, format="%(message)s", datefmt="%X", handlers=[handler], force=True)
    for name in (
        "httpx",
        "httpcore",
        "httpx2",
        "openai",
        "aiohttp",
        "telegram",
        "sentence_transformers",
        "alembic",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)
    # PTB's updater logs each failed poll with its traceback; `_polling_failed` says the same in a line.
    logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)
