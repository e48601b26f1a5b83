"""Chat completions in vLLM's shape: tokens, usage, chunks, and what its prefix cache would spare."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

from tests.fakes.serving import JSON

BLOCK = 16  # tokens; vLLM caches whole blocks
CREATED = 1_735_689_600  # seconds since 1970
_TOKEN = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")


def tokenize(text: str) -> list[str]:
    """Words and signs with the space before them; joined they are the text again."""
    return _TOKEN.findall(text)


def prompt_of(messages: list[Any]) -> list[str]:
    """The tokens of a conversation, with a mark before each message, as a chat template sets them."""
    tokens: list[str] = []
    for message in messages:
        content = message.get("content") or ""
        if isinstance(content, list):
            content = "".join(part.get("text", "") for part in content)
        tokens += [f"<{message.get('role')}>", *tokenize(content), "<end>"]
    return [*tokens, "<assistant>"]


@dataclass(slots=True)
class PrefixCache:
    """Remembers the beginnings of prompts, in whole blocks; each model and adapter has its own."""

    _known: set[int] = field(default_factory=set)

    def lookup(self, model: str, prompt: list[str]) -> int:
        """How many tokens were there already; remembers the prompt. The last token is always computed."""
        ends = range(BLOCK, len(prompt) + 1, BLOCK)
        keys = {end: hash((model, tuple(prompt[:end]))) for end in ends}
        known = max((end for end in ends if keys[end] in self._known and end < len(prompt)), default=0)
        self._known.update(keys.values())
        return known


@dataclass(frozen=True, slots=True)
class Completion:
    """One finished answer, which is sent whole or in chunks."""

    model: str
    tokens: list[str]
    finish_reason: str
    prompt_tokens: int
    cached_tokens: int
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex}")

    @property
    def usage(self) -> JSON:
        """What it cost, in tokens."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": len(self.tokens),
            "total_tokens": self.prompt_tokens + len(self.tokens),
            "prompt_tokens_details": {"cached_tokens": self.cached_tokens},
        }

    def whole(self) -> JSON:
        """The answer to a request without `stream`."""
        message = {"role": "assistant", "content": "".join(self.tokens), "tool_calls": []}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish_reason}
        return self._head("chat.completion") | {"choices": [choice], "usage": self.usage}

    def opening(self) -> JSON:
        """The first chunk, which names the role."""
        return self._chunk({"role": "assistant", "content": ""})

    def words(self) -> Iterator[JSON]:
        """A chunk for each token; the last one says why the answer ends."""
        for token in self.tokens[:-1]:
            yield self._chunk({"content": token})
        yield self._chunk({"content": "".join(self.tokens[-1:])}, self.finish_reason)

    def closing(self) -> JSON:
        """The chunk with the usage, which has no choices."""
        return self._head("chat.completion.chunk") | {"choices": [], "usage": self.usage}

    def _chunk(self, delta: JSON, finish_reason: str | None = None) -> JSON:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return self._head("chat.completion.chunk") | {"choices": [choice]}

    def _head(self, kind: str) -> JSON:
        return {"id": self.id, "object": kind, "created": CREATED, "model": self.model}


def cut(text: str, *, limit: int, stop: list[str], endless: bool) -> tuple[list[str], str]:
    """The tokens that are sent and the finish reason; `endless` repeats the text up to `limit` tokens."""
    ends = [position for word in stop if (position := text.find(word)) >= 0]
    tokens = tokenize(text[: min(ends)] if ends else text)
    if endless:
        return list(islice(cycle(tokens or [" the"]), limit)), "length"
    if len(tokens) > limit:
        return tokens[:limit], "length"
    return tokens, "stop"
