"""What was typed at a terminal, kept for the next time in a file that only its owner can read."""

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from prompt_toolkit.history import FileHistory

_FOLDER = "chat"


class PrivateHistory(FileHistory):
    """The lines of one person, in a file of the data folder with rights for nobody else."""

    def __init__(self, data: Path, user: str) -> None:
        folder = data / _FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Whatever the person is called, it is one file name.
        self._path = folder / f"{quote(user, safe='').replace('.', '%2E')[:200]}.history"
        self._kept = True
        self._make()
        super().__init__(str(self._path))

    @property
    def path(self) -> Path:
        """Where the lines are."""
        return self._path

    def load_history_strings(self) -> Iterable[str]:
        """Return the lines, the newest first; another program's file of that name is no reason not to talk."""
        try:
            yield from super().load_history_strings()
        except OSError:
            return

    def store_string(self, string: str) -> None:
        """Keep a line. A full disk costs the history, not the talk."""
        if not self._kept:
            return
        try:
            self._make()
            super().store_string(string)
        except OSError:
            return

    def keep(self, *, wanted: bool) -> None:
        """Keep lines from here on, or none, not even those so far. The arrow keys still bring back this talk's."""
        if not wanted and self._kept:
            self.forget()
        self._kept = wanted

    def forget(self) -> None:
        """Erase every line, also those that could be brought back with the arrow keys."""
        self._loaded_strings = []
        self._make()
        os.truncate(self._path, 0)

    def _make(self) -> None:
        os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
        self._path.chmod(0o600)
