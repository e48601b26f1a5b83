"""Why a food isn't permitted, in English; and what a reason is made of, for those who say it in another language."""

import re
from collections.abc import Mapping
from enum import StrEnum


class Form(StrEnum):
    """What a reason says."""

    LABEL_SAYS_KIND = "label_says_kind"
    LABEL_SAYS = "label_says"
    TOGETHER = "together"
    CONTAINS_KIND = "contains_kind"
    CONTAINS = "contains"
    MAY_CONTAIN = "may_contain"
    MAY_BE = "may_be"
    ABOVE = "above"
    INGREDIENTS_UNKNOWN = "ingredients_unknown"
    UNKNOWN_WHETHER = "unknown_whether"
    FIGURE_UNKNOWN = "figure_unknown"
    NAMES = "names"


def reason(form: Form, *parts: str) -> str:
    """Return a reason a person can read; `parts` are lexicon ids, diets, figures' names and amounts."""
    return _ENGLISH[form].format(*(part.replace("_", " ") for part in parts))


def read_reason(text: str) -> tuple[Form, tuple[str, ...]] | None:
    """Return the form and the parts (words, not ids) of what `reason` returned; `None` for any other text."""
    for form, pattern in _PATTERNS.items():
        if (match := pattern.fullmatch(text)) is not None:
            return form, match.groups()
    return None


# What more than one form fits is read as the first.
_ENGLISH: Mapping[Form, str] = {
    Form.LABEL_SAYS_KIND: "contains {} → {}, which is {} only if its label says so",
    Form.LABEL_SAYS: "contains {}, which is {} only if its label says so",
    Form.TOGETHER: "contains {} and {} together",
    Form.CONTAINS_KIND: "contains {} → {}",
    Form.CONTAINS: "contains {}",
    Form.MAY_CONTAIN: "{} may contain {}",
    Form.MAY_BE: "{} may be {}",
    Form.ABOVE: "{} {} of {} per 100 g, above {} {}",
    Form.INGREDIENTS_UNKNOWN: "its ingredients aren't known",
    Form.UNKNOWN_WHETHER: "whether it contains {} isn't known",
    Form.FIGURE_UNKNOWN: "its {} isn't known",
    Form.NAMES: "names {}",
}
_PATTERNS = {
    form: re.compile(re.escape(english).replace(r"\{\}", "(.+?)"), re.DOTALL)
    for form, english in _ENGLISH.items()
}
