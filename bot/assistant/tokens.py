"""How many tokens a prompt takes, counted by the served model's own tokenizer where its server tells."""

import asyncio
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from bot.assistant.model import ModelClient
from bot.assistant.tokenizer import NotServedError
from retrieval.diet.preferences import Preferences
from retrieval.errors import UnavailableError
from retrieval.knowledge.documents import Passage
from retrieval.prompt import Exchange, Prompt, build_prompt, estimate_tokens

FRAME = 8
"""Tokens that a chat template sets around one message, at most."""

_KEPT = 4096
_COUNTING_S = 0.5
_REST_S = 30.0
_EVERYTHING = 10**9
_LOG = logging.getLogger(__name__)


class Tokens:
    """Counts of one model server, kept by text: the same history comes again with every turn."""

    def __init__(self, model: ModelClient) -> None:
        self._model = model
        self._counts: OrderedDict[bytes, int] = OrderedDict()
        self._not_before = 0.0

    async def fitted_prompt(
        self,
        question: str,
        preferences: Preferences,
        passages: Sequence[Passage],
        history: Sequence[Exchange] = (),
        *,
        budget: int,
    ) -> Prompt:
        """Return the prompt within `budget` tokens; see `build_prompt`. Without history an estimate does."""
        if not history:
            return build_prompt(question, preferences, passages, budget=budget)
        whole = build_prompt(question, preferences, passages, history, budget=_EVERYTHING)
        texts = [message["content"] for message in whole.messages]
        if sum(len(text.encode()) + FRAME for text in texts) <= budget:
            return whole  # no tokenizer makes more tokens than there are bytes
        count = await self.counter(texts)
        return build_prompt(question, preferences, passages, history, budget=budget, count_tokens=count)

    async def counter(self, texts: Sequence[str]) -> Callable[[str], int]:
        """Return what counts the tokens of a message: exactly for `texts`, else by estimate."""
        try:
            model = (await self._model.served()).name
        except UnavailableError:
            return _estimate
        keys = {text: _key(model, text) for text in texts}
        await self._learn(model, [text for text, key in keys.items() if key not in self._counts])
        known = {text: self._counts[key] for text, key in keys.items() if key in self._counts}
        for key in keys.values():
            if key in self._counts:
                self._counts.move_to_end(key)
        while len(self._counts) > _KEPT:
            self._counts.popitem(last=False)
        return lambda text: FRAME + known[text] if text in known else _estimate(text)

    async def _learn(self, model: str, texts: Sequence[str]) -> None:
        """Ask the server, all at once; what it doesn't tell now is estimated."""
        if not texts or time.monotonic() < self._not_before:
            return
        count_one = self._model.tokenizer.count
        counting = (count_one(model, text, timeout_s=_COUNTING_S) for text in texts)
        for text, count in zip(texts, await asyncio.gather(*counting, return_exceptions=True), strict=True):
            if isinstance(count, int):
                self._counts[_key(model, text)] = count
            elif isinstance(count, UnavailableError):
                never = isinstance(count, NotServedError)
                self._not_before = float("inf") if never else time.monotonic() + _REST_S
            else:
                raise count
        if time.monotonic() < self._not_before:
            _LOG.info("the model server doesn't count tokens; they are estimated")


def _estimate(text: str) -> int:
    return FRAME + estimate_tokens(text)


def _key(model: str, text: str) -> bytes:
    return hashlib.blake2b(f"{model}\n{text}".encode(), digest_size=16).digest()
