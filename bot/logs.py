"""Logging: one line each, on stderr. Ids, lengths and times; never a person's words, names or tokens."""

import logging
import os

from rich.console import Console
from rich.logging import RichHandler

_OURS = ("bot", "retrieval", "training")


def quieten_libraries() -> None:
    """Keep what libraries print by themselves off the terminal. Call it before they are imported."""
    os.environ.setdefault("LANCEDB_LOG", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    # Without a handler Python prints warnings bare, in the middle of a chat. `run` sets up a real log.
    logging.getLogger().addHandler(logging.NullHandler())


def set_up_logging(*, level: int = logging.INFO) -> None:
    """Send the log to stderr: ours from `level` on, of libraries (some log texts and addresses) warnings."""
    console = Console(stderr=True)
    handler: logging.Handler
    if console.is_terminal:
        handler = RichHandler(console=console, show_path=False, markup=False, rich_tracebacks=False)
        line, time = "%(message)s", "%X"
    else:  # in colours for nobody, a line takes ten times as long
        handler, line, time = logging.StreamHandler(), "%(asctime)s %(levelname)s %(message)s", None
    handler.addFilter(without_traceback)
    logging.basicConfig(level=logging.WARNING, format=line, datefmt=time, handlers=[handler], force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    # PTB's updater logs each failed poll with its traceback; `_polling_failed` says the same in a line.
    logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)


def without_traceback(record: logging.LogRecord) -> bool:
    """Cut a record down to its first line and the type of its error: an error's own words may be what people wrote."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg = f"{record.getMessage().partition(chr(10))[0]} ({type(error).__name__})"
        record.args, record.exc_info, record.exc_text = None, None, None
    return True
