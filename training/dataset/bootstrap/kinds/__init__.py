"""The kinds of question that people ask, one file each: what is asked, what is searched for, and the true answer."""

from collections.abc import Callable, Mapping

from training.dataset.bootstrap.kinds.advice import advise
from training.dataset.bootstrap.kinds.choice import choose
from training.dataset.bootstrap.kinds.clarification import clarify
from training.dataset.bootstrap.kinds.comparison import compare
from training.dataset.bootstrap.kinds.figures import figures_of_foods
from training.dataset.bootstrap.kinds.plan import plan
from training.dataset.bootstrap.kinds.preferences import take
from training.dataset.bootstrap.kinds.recipe import cook
from training.dataset.bootstrap.kinds.refusal import refuse
from training.dataset.bootstrap.kinds.substitution import substitute
from training.dataset.bootstrap.scene import Conversation, Scene

KINDS = (
    "figures", "comparison", "choice", "substitution", "recipe", "plan", "refusal", "preferences", "clarification",
    "advice",
)  # fmt: skip
"""What a row's `kind` may be."""

CONVERSATIONS: Mapping[Callable[[Scene], Conversation], float] = {
    figures_of_foods: 0.21,
    compare: 0.17,
    choose: 0.19,
    substitute: 0.09,
    cook: 0.12,
    plan: 0.05,
    refuse: 0.2,
    take: 0.1,
    clarify: 0.03,
    advise: 0.08,
}
"""How conversations begin, and how often. Some come to nothing, so that the shares of the rows differ."""
