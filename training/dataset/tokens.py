"""Tokens of chats as a model will see them: its own tokenizer, its own chat template, every special token counted.

A prompt is mostly text that has been counted before: the system message, passages that are served again and again. So
a text is cut where the tokenizer cuts in any case (at special tokens, and before passages if trying shows that it
does), and the counts of pieces are kept. The sum is what encoding the whole gives; a test compares.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from retrieval.errors import BadInputError

TOKENIZER = "tokenizer.json"
_PIECES = 32_768
"""Pieces whose counts are kept, 20 MB at most: passages, and the history that comes again with every turn."""

_CUTS = (
    re.compile(r"(?<=\n)(?=\n(?:\[\d+\] |Question: ))"),
    re.compile(r"(?<=\n\n)(?=\[\d+\] |Question: )"),
)
_PROBES = (
    "Passages:\n[1] Lentils, cooked: protein 9.02 g per 100 g.\n\n[2] Tofu.\n\nQuestion: How much?",
    "it is so:\n\n[1] 1.\n\n[12] é\n\n[3] «Soupe»\nIngredients: 200 g\n\nQuestion: ¿Cuánto? 1",
)


class TokenCounter:
    """Counts tokens with the tokenizer in a folder: `tokenizer.json`, and the chat template beside it if there is one.

    Raises `BadInputError` when there is no tokenizer, or it or its template can't be read.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        path = folder / TOKENIZER
        if not path.is_file():
            raise BadInputError(
                f"{folder}: there is no {TOKENIZER}; name the folder of the model to be trained"
            )
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises nothing more precise
            raise BadInputError(f"{path}: can't be read as a tokenizer: {error}") from error
        self.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        config = _json(folder / "tokenizer_config.json")
        self._template = _template(folder, config)
        special = sorted(
            (token.content for token in self._tokenizer.get_added_tokens_decoder().values() if token.special),
            key=len,
            reverse=True,
        )
        self._special = re.compile("|".join(map(re.escape, special)) or r"(?!)")
        self._cut = next((cut for cut in _CUTS if self._is_safe(cut)), None)
        self._count_piece = lru_cache(_PIECES)(self._encoded)

    def chat(self, messages: Sequence[Mapping[str, str]], *, answer_follows: bool = False) -> int:
        """Return the tokens of a chat; `answer_follows` counts what the template writes before an answer, too."""
        if self._template is not None:
            return self.text(self._template(messages, answer_follows=answer_follows))
        return sum(self.text(message["content"]) for message in messages)

    def text(self, text: str) -> int:
        """Return the tokens of a text as it stands, without a start token."""
        total, at = 0, 0
        for match in self._special.finditer(text):
            total += self._between(text[at : match.start()]) + 1
            at = match.end()
        return total + self._between(text[at:])

    def _between(self, text: str) -> int:
        if not text:
            return 0
        pieces = [text] if self._cut is None else self._cut.split(text)
        return sum(map(self._count_piece, pieces))

    def _encoded(self, piece: str) -> int:
        return len(self._tokenizer.encode(piece, add_special_tokens=False))

    def _is_safe(self, cut: re.Pattern[str]) -> bool:
        return all(
            sum(map(self._encoded, cut.split(probe))) == self._encoded(probe) and len(cut.split(probe)) > 1
            for probe in _PROBES
        )


class _Template:
    def __init__(self, source: str, tokens: Mapping[str, Any]) -> None:
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals["raise_exception"] = _refuse
        self._template = environment.from_string(source)
        self._tokens = tokens

    def __call__(self, messages: Sequence[Mapping[str, str]], *, answer_follows: bool) -> str:
        return self._template.render(
            messages=messages, add_generation_prompt=answer_follows, tools=None, **self._tokens
        )


def _template(folder: Path, config: Mapping[str, Any]) -> _Template | None:
    from jinja2 import TemplateError

    path = folder / "chat_template.jinja"
    source = path.read_text(encoding="utf-8") if path.is_file() else config.get("chat_template")
    if not isinstance(source, str):
        return None
    tokens = {
        name: value["content"] if isinstance(value, dict) else value
        for name in ("bos_token", "eos_token", "pad_token", "unk_token")
        if (value := config.get(name)) is not None
    }
    try:
        return _Template(source, tokens)
    except TemplateError as error:
        raise BadInputError(f"{folder}: its chat template can't be read: {error}") from error


def _json(path: Path) -> Mapping[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadInputError(f"{path}: can't be read as JSON: {error}") from error
    return loaded if isinstance(loaded, dict) else {}


def _refuse(message: str) -> None:
    raise BadInputError(f"the tokenizer's chat template refuses a conversation: {message}")
