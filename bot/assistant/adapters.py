"""Which of the served models answers: promoted and rolled back while the bot runs, and kept over a restart.

The choice is in `serving.json` in the data folder. Adapters that the server doesn't serve yet are loaded from the
folder `adapters` there, and from nowhere else.
"""

import asyncio
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from bot.assistant.model import ModelClient
from bot.messages import say
from retrieval.errors import BadInputError, PlatewiseError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MARK = "adapter_config.json"
"""Every folder of LoRA weights holds this file."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for, and what was before; empty: what `PLATEWISE_MODEL` says, else the server's first."""

    current: str
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A model or an adapter. `served`: the server has it; else it is a folder that can be loaded."""

    name: str
    served: bool
    answers: bool


class Adapters:
    """The models and adapters of one model server, and the choice among them."""

    def __init__(self, model: ModelClient, data: Path) -> None:
        self._model = model
        self._file = data / "serving.json"
        self._folder = (data / "adapters").absolute()

    def restore(self) -> None:
        """Ask for what was promoted last, if anything was, and load it whenever the server has lost it.

        Raises `BadInputError` when the file can't be read.
        """
        self._model.bring_back = self._bring_back
        if (choice := self._read()) is not None:
            self._model.ask_for(choice.current)

    async def listed(self) -> tuple[Listed, ...]:
        """Return what is served, then what could be loaded. Raises `UnavailableError` without a server."""
        served = await self._model.names()
        answers = (await self._model.served()).name
        loadable = await asyncio.to_thread(self._loadable)
        return (
            *(Listed(name, served=True, answers=name == answers) for name in served),
            *(Listed(name, served=False, answers=False) for name in loadable if name not in served),
        )

    async def promote(self, name: str) -> None:
        """Have `name` answer from now on, loaded first where it must be; what answered is kept for `roll_back`.

        Raises `BadInputError` for a name that is neither served nor in the folder, or that the server can't load,
        `UnavailableError` when the server doesn't answer. Nothing is changed then.
        """
        if name not in await self._model.names():
            if name not in await asyncio.to_thread(self._loadable):
                raise BadInputError(say("adapter_unknown", name=name))
            await self._model.load_adapter(name, self._folder / name)
        if name != self._model.wanted:
            await self._choose(Choice(name, previous=self._model.wanted))

    async def roll_back(self) -> str:
        """Have what was promoted before answer again; return its name. Twice is there and back.

        Raises `BadInputError` when there was nothing before, `UnavailableError` when the server doesn't serve it.
        """
        choice = await asyncio.to_thread(self._read)
        if choice is None or choice.previous is None:
            raise BadInputError(say("adapter_no_previous"))
        if choice.previous:
            await self.promote(choice.previous)
        else:
            await self._choose(Choice("", previous=choice.current))
        return (await self._model.served()).name

    async def _choose(self, choice: Choice) -> None:
        await asyncio.to_thread(self._write, choice)
        self._model.ask_for(choice.current)

    async def _bring_back(self, name: str) -> bool:
        if name not in await asyncio.to_thread(self._loadable):
            return False
        try:
            await self._model.load_adapter(name, self._folder / name)
        except PlatewiseError:
            return False
        return True

    def _loadable(self) -> tuple[str, ...]:
        found = sorted(path.parent.name for path in self._folder.glob(f"*/{_MARK}"))
        return tuple(name for name in found if _NAME.fullmatch(name))

    def _read(self) -> Choice | None:
        try:
            data = json.loads(self._file.read_text(encoding="utf-8"))
            return Choice(str(data["current"]), data.get("previous"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInputError(
                f"{self._file}: can't be read ({type(error).__name__}); delete it to go back to PLATEWISE_MODEL"
            ) from error

    def _write(self, choice: Choice) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            json.dump({"current": choice.current, "previous": choice.previous}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._file)
