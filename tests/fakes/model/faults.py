"""What goes wrong with an answer on purpose."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """How the model server misbehaves. The first four happen in the middle of a stream."""

    GARBAGE = "garbage"  # an event that isn't JSON
    ERROR = "error"  # an event with vLLM's error object in it
    HANG_UP = "hang_up"  # the connection drops
    STALL = "stall"  # nothing more comes, and the connection stays open
    SILENCE = "silence"  # not even headers come
    EMPTY = "empty"  # an answer without text
    ENDLESS = "endless"  # the text over and over until max_tokens
    STATUS = "status"  # an HTTP error


@dataclass(slots=True)
class Plan:
    """A fault of the next `times` requests (None: of all), in a stream after so many tokens."""

    fault: Fault
    times: int | None
    after_tokens: int = 0
    status: int = 500
    retry_after: int | None = None


class Plans:
    """The faults that are still to come, first planned first met."""

    def __init__(self) -> None:
        self._plans: list[Plan] = []

    def add(self, plan: Plan) -> None:
        """Plan a fault after those that are planned."""
        self._plans.append(plan)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._plans.clear()

    def take(self) -> Plan | None:
        """The fault that this request meets, if any."""
        if not self._plans:
            return None
        plan = self._plans[0]
        if plan.times is not None:
            plan.times -= 1
            if not plan.times:
                self._plans.pop(0)
        return plan
