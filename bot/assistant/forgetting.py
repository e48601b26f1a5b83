"""Forgetting a person wherever something is kept of them: database, exports, memory, and what deleting leaves behind.

First the rows go, and a tombstone is set, in one transaction. The rest is found again by the tombstone, so that a
process that is killed between the two leaves nothing that the next one doesn't sweep.
"""

import sys
from functools import _lru_cache_wrapper

from bot.store.export import Exports
from bot.store.people import Person
from bot.store.store import Store
from retrieval.embedding.recent import forget_questions

_OURS = ("bot.", "retrieval.")


class Forgetting:
    """Erases people. Safe to be done twice, and to be interrupted anywhere."""

    def __init__(self, store: Store, exports: Exports) -> None:
        self._store = store
        self._exports = exports

    async def forget(self, person: Person, *, asked_in: int | None = None) -> None:
        """Erase everything about `person`; `asked_in` is the update that asks for it, see `Erasure.erase`.

        Raises `UnavailableError` when the database doesn't answer.
        """
        await self._store.erasure.erase(person, asked_in=asked_in)
        await self.sweep()

    async def sweep(self) -> bool:
        """Clear files and memory of whoever is erased and not yet swept; return whether nothing is left.

        Without such people nothing is done. Where another process still reads, files are swept the next time.
        """
        erased = await self._store.erasure.unswept()
        if not erased:
            return True
        forget_words()
        for pseudonym in sorted(erased):
            await self._exports.drop_with(pseudonym)
        if not await self._store.database.wipe_deleted():
            return False
        await self._store.erasure.swept(erased)
        return True

    async def close(self, telegram_id: int, asked_in: int) -> None:
        """Forget the last trace, the update that asked, once its person was told. It counts as handled then."""
        await self._store.erasure.forget_updates(telegram_id, asked_in)
        await self._store.database.empty_log()


def forget_words() -> None:
    """Empty the caches of this process that are filled with what people write; they fill again by themselves.

    A cache without a bound, or of one entry, holds our own data.
    """
    forget_questions()
    for name, module in tuple(sys.modules.items()):
        if not name.startswith(_OURS):
            continue
        for value in tuple(vars(module).values()):
            if isinstance(value, _lru_cache_wrapper) and (value.cache_parameters()["maxsize"] or 0) > 1:
                value.cache_clear()
