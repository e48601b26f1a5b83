"""What pip prints: how far it is, and what went wrong in words for a person."""

import re
from dataclasses import dataclass
from pathlib import Path

_FETCHING = re.compile(r"^(?:Collecting|Requirement already satisfied:) (\S+)")
_INSTALLING = re.compile(r"^Installing collected packages: (.+)")

# The order matters: a failed download also ends in 'no matching distribution'.
_CAUSES = (
    (
        re.compile(r"No space left on device|Errno 28\b|[Dd]isk quota exceeded"),
        "no space is left on the disk; free some and run it again",
    ),
    (
        re.compile(
            r"DO NOT MATCH THE HASHES|BadZipFile|File is not a zip file|IncompleteRead|is invalid\.?$",
            re.MULTILINE,
        ),
        "a download was broken; run it again (if it stays broken: `python3 -m pip cache purge`)",
    ),
    (
        re.compile(r"SSLError|CERTIFICATE_VERIFY_FAILED"),
        "the package index's certificate can't be verified; set PIP_CERT, or check the clock and the proxy",
    ),
    (
        re.compile(
            r"Temporary failure in name resolution|Name or service not known|NewConnectionError|"
            r"Failed to establish a new connection|Network is unreachable|ProxyError|Connection refused|"
            r"ConnectTimeout|Read ?[Tt]imed? ?[Oo]ut|Connection (?:broken|reset|aborted)|Max retries exceeded"
        ),
        "the package index can't be reached; check the network (or set PIP_INDEX_URL) and run it again",
    ),
    (
        re.compile(r"Permission denied|Errno 13\b|Read-only file system|Errno 30\b"),
        "a file or folder can't be written; check who owns this folder",
    ),
    (
        re.compile(r"ensurepip is not available|No module named '?(?:ensurepip|venv)"),
        "this Python can't make virtual environments; install python3-venv (Debian, Ubuntu)",
    ),
    (
        re.compile(r"MemoryError|[Cc]annot allocate memory"),
        "not enough memory; close something and run it again",
    ),
)
_NO_MATCH = re.compile(r"No matching distribution found for (\S+)")
_ERROR = re.compile(r"^(?:ERROR|error|weights|\w*Error): ?(.+)", re.MULTILINE)


def explain(output: str, exit_code: int) -> str:
    """Return one clause that says why pip (or what else the installer ran) failed, and what to do."""
    for pattern, meaning in _CAUSES:
        if pattern.search(output):
            return meaning
    if missing := _NO_MATCH.findall(output):
        return f"the package index has no {missing[-1]} for this Python and this machine"
    errors = _ERROR.findall(output)
    return errors[-1].strip() if errors else f"exit code {exit_code}"


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, and which share of it is done (0 to 1)."""

    what: str
    share: float


class PipProgress:
    """Follows one `pip install` of at most `packages` packages into `site_packages`.

    While pip fetches it names each package; while it installs it is silent, so the folder is counted.
    """

    def __init__(self, packages: int, site_packages: Path) -> None:
        self._packages = max(packages, 1)
        self._site_packages = site_packages
        self._fetched = 0
        self._installing: int | None = None
        self._before = 0

    def feed(self, line: str) -> None:
        """Take in one line of pip's output."""
        if _FETCHING.match(line):
            self._fetched += 1
        elif installing := _INSTALLING.match(line):
            self._installing = installing[1].count(",") + 1
            self._before = self._count()

    def look(self) -> Progress:
        """Say how far it is now: fetching is the first half, installing the second."""
        if self._installing is None:
            share = min(self._fetched / self._packages, 1.0)
            return Progress(
                what=f"fetching, {self._fetched} of at most {self._packages} packages", share=share / 2
            )
        done = min(max(self._count() - self._before, 0), self._installing)
        return Progress(
            what=f"installing, {done} of {self._installing} packages",
            share=0.5 + done / self._installing / 2,
        )

    def _count(self) -> int:
        return sum(1 for _ in self._site_packages.glob("*.dist-info"))
