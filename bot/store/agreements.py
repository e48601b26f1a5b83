"""Whether a turn may improve the model: decided from every decision of its author, and no whenever there is a doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.store.held import Decision
from bot.store.tables import Purpose


@dataclass(frozen=True, slots=True)
class Agreements:
    """All decisions of one person, in the order in which they were made."""

    decisions: Sequence[Decision]

    def now(self) -> bool:
        """Whether the person allows today that conversations improve the model, and that they are kept at all."""
        latest = {item.purpose: item.granted for item in self.decisions}
        return latest.get(Purpose.IMPROVEMENT, False) and latest.get(Purpose.SERVICE, True)

    def covering(self, asked_at: datetime) -> Decision | None:
        """Return the decision under which a turn asked at this moment may be used, or None.

        It was in force then, and nothing was refused since: who takes the permission back takes it from all that was
        said before, and who gives it again gives it for what is said from then on.
        """
        if not self.now():
            return None
        given: Decision | None = None
        kept = True
        for item in self.decisions:
            if not item.granted and item.given_at >= asked_at:
                return None
            if item.given_at > asked_at:
                continue
            if item.purpose is Purpose.IMPROVEMENT:
                given = item if item.granted else None
            else:
                kept = item.granted
        return given if kept else None
