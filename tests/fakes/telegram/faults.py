"""What goes wrong on purpose."""

from dataclasses import dataclass, field

from tests.fakes.telegram.protocol import ApiError

ANY_METHOD = "*"


@dataclass(slots=True)
class Fault:
    """A failure of the next calls; with `after_effect` the call works, and only its answer is lost."""

    method: str
    error: ApiError
    times: int
    after_effect: bool


@dataclass(slots=True)
class Faults:
    """The failures to come, how slow each method is (seconds), and the methods that are never answered."""

    planned: list[Fault] = field(default_factory=list)
    delays: dict[str, float] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)

    def take(self, method: str) -> Fault | None:
        """The failure that this call meets, if any."""
        for fault in self.planned:
            if fault.method in {method, ANY_METHOD}:
                fault.times -= 1
                if not fault.times:
                    self.planned.remove(fault)
                return fault
        return None

    def wait(self, method: str) -> float | None:
        """Seconds before a call of this method is handled; None is for ever."""
        if self.unanswered & {method, ANY_METHOD}:
            return None
        return self.delays.get(method, self.delays.get(ANY_METHOD, 0.0))
