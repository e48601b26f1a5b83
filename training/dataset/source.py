"""What an export is fed with: turns in order of conversation and position, with the names to be taken out of them."""

from dataclasses import dataclass

from training.dataset.schema import Row


@dataclass(frozen=True, slots=True)
class Turn:
    """A row whose texts are as they were said. `names` are what its person is called: they go exactly."""

    row: Row
    names: tuple[str, ...] = ()
