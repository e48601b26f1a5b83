"""The ways to write rows down for trainers, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from training.dataset.views.alpaca import Alpaca
from training.dataset.views.dpo import Dpo, DpoOpenAi
from training.dataset.views.kto import Kto
from training.dataset.views.messages import Messages
from training.dataset.views.prompt_completion import PromptCompletion
from training.dataset.views.raft import Raft
from training.dataset.views.raw import Raw
from training.dataset.views.sharegpt import ShareGpt
from training.dataset.views.view import View

VIEWS: Mapping[str, View] = MappingProxyType(
    {
        view.name: view
        for view in (
            PromptCompletion(),
            Messages(),
            ShareGpt(),
            Alpaca(),
            Kto(),
            Dpo(),
            DpoOpenAi(),
            Raft(),
            Raw(),
        )
    }
)

__all__ = ["VIEWS", "View"]
