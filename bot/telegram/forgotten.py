"""Whoever was erased a moment ago: what they had written before, and is handled only now, must not bring them back."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

_MOMENT_S = 600.0
_MOST = 1000


@dataclass(slots=True)
class Forgotten:
    """Telegram ids with the update that asked for erasure, for ten minutes and in memory only.

    Later a restarted process knows by the inbox that older updates are done.
    """

    _until: OrderedDict[int, tuple[int, float]] = field(default_factory=OrderedDict)

    def note(self, telegram_id: int, asked_in: int) -> None:
        """Remember that updates before `asked_in` are of somebody who is erased."""
        self._drop_old()
        self._until[telegram_id] = (asked_in, time.monotonic() + _MOMENT_S)
        self._until.move_to_end(telegram_id)
        if len(self._until) > _MOST:
            self._until.popitem(last=False)

    def covers(self, telegram_id: int, update_id: int) -> bool:
        """Tell whether an update was written before its person was erased."""
        if not self._until:
            return False
        self._drop_old()
        asked_in, _ = self._until.get(telegram_id, (update_id, 0.0))
        return update_id < asked_in

    def _drop_old(self) -> None:
        now = time.monotonic()
        while self._until and next(iter(self._until.values()))[1] < now:
            self._until.popitem(last=False)
