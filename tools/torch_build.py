"""Find the right build of torch.

On Linux for x86-64, torch on PyPI is the build for CUDA: gigabytes that a laptop has no use for, and that
vLLM's build for the CPU can't load. PyTorch's own index has the build for the CPU, with '+cpu' in its
version. An index that already gives that build (a mirror, a folder of wheels) is left to do so.
"""

import json
import platform
import sys
from pathlib import Path

PYTORCH_INDEX = "https://download.pytorch.org/whl/cpu"


def question(pin: str, answer: Path) -> tuple[str, ...]:
    """Return the arguments of `pip install` that write which build pip would take for `pin`; nothing is installed."""
    look_only = ("--dry-run", "--no-deps", "--ignore-installed", "--quiet")
    return (*look_only, "--report", str(answer), pin)


def source(answer: Path) -> tuple[str, ...]:
    """Return the arguments that make pip take the right build, given what it wrote to `answer`."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return ()
    report = json.loads(answer.read_text(encoding="utf-8"))
    build = report["install"][0]["metadata"]["version"]
    return () if "+cpu" in build else ("--index-url", PYTORCH_INDEX)
