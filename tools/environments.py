"""The virtual environments of the project: what each is made from, and whether it is in place."""

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

STAMP = ".platewise-setup"
GB = 1_000_000_000

_PIN = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;#]+)", re.MULTILINE)


class State(Enum):
    """How much of an environment is there."""

    READY = "ready"
    OUTDATED = "outdated"  # complete, but for other pins: packages are exchanged in place
    ABSENT = "absent"  # missing, half-made or made for another folder or Python: it is made from scratch


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment in `folder` with what `install` says, which depends on `wanted`.

    torch comes first, since not every index has the right build of it (see `tools/torch_build.py`). Then
    `install` are the arguments of `pip install`, one tuple for each run. `size` is in bytes, on the disk.
    """

    folder: Path
    wanted: str
    torch: str
    install: tuple[tuple[str, ...], ...]
    packages: int
    size: int

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        """Where its packages lie."""
        return self.folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"

    def state(self) -> State:
        """Look at the stamp, which is written last and deleted first."""
        try:
            stamp = json.loads((self.folder / STAMP).read_text(encoding="utf-8"))
            made_for, made_from = stamp["for"], stamp["from"]
        except (OSError, ValueError, KeyError, TypeError):
            return State.ABSENT
        if made_for != self._place() or not self.python.exists():
            return State.ABSENT
        return State.READY if made_from == _digest(self.wanted) else State.OUTDATED

    def stamp(self) -> None:
        """Record that everything is installed."""
        stamp = {"for": self._place(), "from": _digest(self.wanted)}
        (self.folder / STAMP).write_text(json.dumps(stamp) + "\n", encoding="utf-8")

    def unstamp(self) -> None:
        """Record that the environment is being changed."""
        (self.folder / STAMP).unlink(missing_ok=True)

    def _place(self) -> str:
        # Scripts and editable installs hold absolute paths: a folder that was moved has to be made anew.
        return f"{self.folder.absolute()} python{sys.version_info[0]}.{sys.version_info[1]}"


def bot_environment(root: Path) -> Environment:
    """Return `.venv`: the bot and the tools of development, pinned by constraints.txt."""
    constraints = root / "constraints.txt"
    pins = constraints.read_text(encoding="utf-8")
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    # Only what pip reads: a changed rule of the linter is no reason to install anything.
    wanted = json.dumps([pyproject["build-system"], pyproject["project"], pins], sort_keys=True)
    limits = ("-c", str(constraints))
    return Environment(
        folder=root / ".venv",
        wanted=wanted,
        torch=f"torch=={pins_of(pins)['torch']}",
        install=(
            # The build's own tools first, so that they too come from the pins and not from the newest release.
            (*limits, "hatchling", "editables"),
            (*limits, "--no-build-isolation", "-e", f"{root}[dev,train]"),
        ),
        packages=len(pins_of(pins)),
        size=int(2.5 * GB),
    )


def serve_environment(root: Path) -> Environment:
    """Return `.venv-serve`: vLLM, exactly as requirements-serve.txt lists it."""
    requirements = root / "requirements-serve.txt"
    text = requirements.read_text(encoding="utf-8")
    return Environment(
        folder=root / ".venv-serve",
        wanted=text,
        torch=f"torch=={pins_of(text)['torch']}",
        install=(("--no-deps", "-r", str(requirements)),),
        packages=len(pins_of(text)),
        size=int(3.0 * GB),
    )


def pins_of(text: str) -> dict[str, str]:
    """Return package → version of the lines `package==version`."""
    return {name.lower(): version for name, version in _PIN.findall(text)}


KINDS: dict[str, Callable[[Path], Environment]] = {"bot": bot_environment, "serve": serve_environment}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
