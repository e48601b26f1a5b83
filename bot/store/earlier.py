"""What had been said in a conversation when a question of it was asked: the history that stood in the prompt."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

LONGEST_HISTORY = 40
"""Exchanges that the assistant reads for a prompt (`bot.assistant.turns`); the prompt's token budget keeps fewer."""

_WINDOW = 400
"""Turns of one conversation that are remembered, so that memory is flat: an older question is rarely asked again."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A turn of the conversation. Without `allowed`, its words are left out; `said` is empty without an answer.

    `replaces` is the turn that gives way to this one: its question was edited, or answered again.
    """

    turn_id: int
    answered_at: datetime | None
    replaces: int | None
    allowed: bool
    question: str
    said: str


@dataclass(slots=True)
class Talk:
    """One conversation, as it goes on."""

    conversation_id: int
    _turns: deque[Earlier] = field(default_factory=lambda: deque(maxlen=_WINDOW))
    _gave_way: dict[int, datetime] = field(default_factory=dict)
    """When the first answer came that a turn gave way to."""
    _length: int = 0

    def add(self, turn: Earlier) -> int:
        """Note a turn; return its position, counted from 0."""
        self._turns.append(turn)
        if turn.replaces is not None and turn.answered_at is not None:
            known = self._gave_way.get(turn.replaces)
            self._gave_way[turn.replaces] = min(known or turn.answered_at, turn.answered_at)
        self._length += 1
        return self._length - 1

    def allows(self, turn_id: int | None) -> bool:
        """Whether the words of a turn may be used; true for none. One that isn't remembered may not."""
        if turn_id is None:
            return True
        return any(turn.allowed for turn in self._turns if turn.turn_id == turn_id)

    def before(self, moment: datetime, turn_id: int | None = None) -> Sequence[Earlier]:
        """Return the turns that a question asked at `moment` had before it, oldest first; see `Turns._history`.

        With `turn_id`, only those before that turn: its question is edited, or answered again.
        """
        found = (
            turn
            for turn in reversed(self._turns)
            if turn.answered_at is not None
            and turn.answered_at <= moment
            and (turn_id is None or turn.turn_id < turn_id)
            and not self._has_given_way(turn.turn_id, moment)
        )
        return tuple(islice(found, LONGEST_HISTORY))[::-1]

    def _has_given_way(self, turn_id: int, moment: datetime) -> bool:
        gave_way = self._gave_way.get(turn_id)
        return gave_way is not None and gave_way <= moment
