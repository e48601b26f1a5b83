"""What stands behind `t.me/<bot>?start=`: a hint, a question, or nothing that we know.

Anybody can write such a link and have somebody else press it. So what it holds is never done: it is shown, or asked as
a question that says nothing about the person.
"""

import base64

from bot.assistant.understand import About, understand

COMMANDS = ("prefs", "privacy", "mydata", "forget", "language")
"""What a link may point at: the commands of the private chat."""

_QUESTION = "q_"
_MOST = 64
"""Characters of a payload, as Telegram allows them (core.telegram.org/bots/features#deep-linking)."""


def question_in(payload: str) -> str | None:
    """Return the question of a payload (`q_` and its UTF-8 in base64url, padding left out), or None."""
    if not payload.startswith(_QUESTION) or len(payload) > _MOST:
        return None
    encoded = payload.removeprefix(_QUESTION)
    try:
        decoded = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        text = decoded.decode()
    except ValueError:  # no base64url, or no UTF-8
        return None
    words = " ".join(text.split())
    return words if words and words.isprintable() else None


def says_something_about_the_person(question: str) -> bool:
    """Tell whether a question would change preferences if the person themselves had written it."""
    understood = understand(question)
    changes = understood.add or understood.remove or understood.others or understood.unresolved
    return bool(changes) or understood.about is About.OTHER
