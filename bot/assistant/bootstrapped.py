"""The guard over made-up turns: what a bootstrap dataset teaches is what a person could be given."""

from bot.assistant.assistant import hear
from bot.assistant.guard import Guard
from bot.assistant.understand import Intent
from retrieval.diet.preferences import Preferences
from training.dataset.bootstrap import Made


def faults_of(made: Made) -> tuple[str, ...]:
    """Return what the guard has against a made-up answer, asked as a turn would ask it; nothing when it passes."""
    row = made.row
    preferences = Preferences.from_dict(row.preferences)
    understood = hear(row.question, preferences, row.meant).understanding
    asked = understood.nutrient if understood.intent is Intent.LOOKUP else None
    return Guard(row.asked, made.passages, preferences.restrictions, asked, preferences.targets).check(
        row.answer
    )
