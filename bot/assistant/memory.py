"""What one sentence leaves for the next while a message is read: `Reading` and `Memory`."""

from dataclasses import dataclass, field

from bot.assistant.objects import Guesses, Item
from bot.assistant.statements import Statement, Telling


@dataclass(slots=True)
class Reading:
    """What was read: statements in order, and words in an allergy that no food is known for."""

    statements: list[Statement] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Memory:
    """What a later sentence may refer to. `names` are lower-case names of persons."""

    names: frozenset[str]
    reading: Reading = field(default_factory=Reading)
    guesses: Guesses = field(default_factory=Guesses)
    last: list[Item] = field(default_factory=list)
    """What was spoken of last, for 'them' and for 'I'm allergic'."""
    telling: Telling | None = None
    """What a sentence that begins with 'also' goes on with."""
    waiting: bool = False
    """'I'm allergic' was said before its object: 'no nuts' is next."""
