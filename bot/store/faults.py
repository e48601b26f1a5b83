"""What the database's errors mean to the person who runs Platewise."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from retrieval.errors import BadInputError, UnavailableError

# The first that fits names the mend; patterns cover SQLite's texts, PostgreSQL's texts and the system's.
_MENDS = (
    (r"\bfull\b|no space left|disk I/O", "free some space on its disk"),
    (r"locked|busy|lock timeout", "another program is writing to it; stop that one, or try again"),
    (
        r"not a database|malformed",
        "the file is damaged or something else; move it away, or put the last backup there",
    ),
    (
        r"unable to open|readonly|read-only|permission denied|not a directory|is a directory|file exists",
        "check that its folder exists and may be written to",
    ),
    (
        r"no such (table|column)|(relation|column) .* does not exist",
        "run 'platewise run' once: it makes the tables",
    ),
    (
        r"password|authentication|role .* does not exist|database .* does not exist",
        "check the user, the password and the name in PLATEWISE_DATABASE_URL",
    ),
)
_OTHERWISE = "check that the database runs and that PLATEWISE_DATABASE_URL is right"

# These are our own mistakes, not the database's state: they must be seen as what they are.
_OURS = (exc.ProgrammingError, exc.DataError, exc.NotSupportedError)
_FOREIGN_KEY = "23503"  # SQLSTATE foreign_key_violation
_UNDEFINED = ("42P01", "42703")  # SQLSTATE undefined_table, undefined_column: not migrated yet


class ErasedError(BadInputError):
    """What is referred to isn't stored: nearly always because its person had everything erased meanwhile."""


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what goes wrong with the database called `where` into one line that says what to do.

    Raises `UnavailableError` when it is away, locked, full, damaged or without tables, and `ErasedError`
    when a row refers to something that isn't stored. Everything else passes as it is.
    """
    try:
        yield
    except exc.DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        if isinstance(error, exc.IntegrityError):
            if state == _FOREIGN_KEY or "FOREIGN KEY" in str(error.orig):
                raise ErasedError(
                    "this refers to a person, conversation or turn that isn't stored; it may have been erased"
                ) from error
            raise
        if (isinstance(error, _OURS) and state not in _UNDEFINED) or state.startswith("22"):
            raise
        raise _unavailable(where, str(error.orig)) from error
    except exc.TimeoutError as error:
        raise UnavailableError(
            f"database {where}: all its connections are busy; try again in a moment"
        ) from error
    except OSError as error:  # also TimeoutError: the network, a file, a wait that took too long
        raise _unavailable(where, str(error) or "no answer in time") from error


def _unavailable(where: str, text: str) -> UnavailableError:
    reason = " ".join(re.sub(r"^<class '[^']*'>: ", "", text).split())
    mend = next((mend for pattern, mend in _MENDS if re.search(pattern, reason, re.IGNORECASE)), _OTHERWISE)
    return UnavailableError(f"database {where}: {reason}; {mend}")
