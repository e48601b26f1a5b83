"""An answer put together from passages alone: when the model is away, or what it wrote can't be given."""

from collections.abc import Callable, Sequence

from bot.assistant.answer_lines import crossed_lines
from bot.assistant.composing.advice import advice
from bot.assistant.composing.cards import figure_card, food_card, unlisted_figure
from bot.assistant.composing.comparison import comparison
from bot.assistant.composing.options import options
from bot.assistant.composing.parts import Composed, Form, Need
from bot.assistant.composing.recipe import recipe
from bot.assistant.sentences import split_sentences
from bot.assistant.understand import Intent
from bot.messages import say
from retrieval.diet.preferences import Preferences
from retrieval.diet.violations import violations
from retrieval.knowledge.documents import Kind, Passage

__all__ = ["Composed", "Need", "compose"]


def compose(
    need: Need, passages: Sequence[Passage], *, said: Callable[[str], bool] = lambda _text: False
) -> Composed:
    """Answer from `passages` alone, in the form that the intent asks for; not with a text that was `said` before.

    The search has left out what isn't permitted. A food or recipe whose words recommend something all the same ("serve
    with …") is left out here, and so is what a note says that could be read so.
    """
    safe = [passage for passage in passages if _is_safe(need.preferences, passage)]
    for form in _FORMS.get(need.intent, _GENERAL):
        if (composed := form(need, safe)) is not None and not said(composed.text):
            return composed
    # The restrictions aren't named: whoever reads it knows them, and no food in it can be taken for advice.
    return Composed(say("nothing_found_for" if need.preferences.restrictions else "nothing_found"), ())


_GENERAL: tuple[Form, ...] = (figure_card, unlisted_figure, advice, food_card, options)
_FORMS: dict[Intent, tuple[Form, ...]] = {
    Intent.LOOKUP: _GENERAL,
    Intent.COMPARE: (comparison, *_GENERAL),
    Intent.SUGGEST: (options, *_GENERAL),
    Intent.PLAN: (options, *_GENERAL),
    Intent.RECIPE: (recipe, options, *_GENERAL),
}


def _is_safe(preferences: Preferences, passage: Passage) -> bool:
    if passage.kind is Kind.NOTE:
        return True  # sentence by sentence, in `advice`
    if violations(passage.text, preferences.restrictions):
        return False
    return not any(crossed_lines(sentence) for sentence in split_sentences(passage.text))
