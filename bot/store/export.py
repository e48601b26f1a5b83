"""The datasets that the bot keeps for its administrators, and what has to go of them when a person goes.

`<data>/exports/platewise-<moment>.zip` is a dataset that `/export` made. Those that hold somebody who was erased are
deleted; a dataset in any other folder is its owner's, and the ledger tells `platewise dataset check` what it holds.
"""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store.columns import utc_now
from bot.store.ledger import Ledger
from bot.store.pseudonyms import KEY_FILE, Pseudonyms

FOLDER = "exports"
_UNDER_WAY: set[Path] = set()
"""Folders in which this process is making a dataset: it looks itself for who leaves meanwhile."""


class Exports:
    """The folder of exports in the folder `data`."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / FOLDER
        self._ledger = Ledger(data)

    async def holding(self, pseudonym: str) -> list[str]:
        """Return the names of the datasets that hold turns of the person with this pseudonym."""
        return await asyncio.to_thread(self._holding, pseudonym)

    async def drop_with(self, pseudonym: str) -> int:
        """Delete the exports that hold turns of the person with this pseudonym; return how many."""
        return await asyncio.to_thread(self._drop_with, pseudonym)

    @contextmanager
    def under_way(self, name: str) -> Iterator[Path]:
        """Give a folder in which the export `name` is made; it is gone afterwards."""
        folder = self._folder / f"{name}.partial"
        # Nobody but the account that runs the bot may read what people wrote.
        folder.mkdir(mode=0o700, parents=True)
        _UNDER_WAY.add(folder)
        try:
            yield folder
        finally:
            _UNDER_WAY.discard(folder)
            shutil.rmtree(folder, ignore_errors=True)

    def path_of(self, name: str) -> Path:
        """Return where the finished export `name` is."""
        return self._folder / f"{name}.zip"

    def _holding(self, pseudonym: str) -> list[str]:
        if (name := self._name(pseudonym)) is None:
            return []
        return [item.export.path.name for item in self._ledger.holdings([name]) if not item.export.dropped]

    def _drop_with(self, pseudonym: str) -> int:
        name = self._name(pseudonym)
        found = [] if name is None else [item.export for item in self._ledger.holdings([name])]
        ours = [item for item in found if item.path.parent == self._folder.absolute() and not item.dropped]
        known = {item.path for item in self._ledger.exports()}
        unknown = [path for path in self._kept() if path not in known]
        for path in (*unknown, *(item.path for item in ours)):
            # What a killed process left, and what no ledger knows, can't be known to be without anybody.
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        if ours:
            self._ledger.dropped([item.id for item in ours], utc_now())
        if name is not None:
            self._ledger.forget_maker(name)
        return len(ours)

    def _kept(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return [path.absolute() for path in sorted(self._folder.iterdir()) if path not in _UNDER_WAY]

    def _name(self, pseudonym: str) -> str | None:
        """Return what datasets call a person; None where there is no key, and so no dataset."""
        if not (self._data / KEY_FILE).exists():
            return None
        return Pseudonyms.of(self._data).person(pseudonym)
