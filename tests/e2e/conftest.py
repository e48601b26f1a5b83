"""The real model server, started once by the command that people start it with."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.serving.server import free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def vllm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of vLLM, serving the embedded model on the CPU."""
    port = free_port()
    folder = tmp_path_factory.mktemp("vllm")
    command = [sys.executable, "-m", "bot", "model", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(PLATEWISE_DATA=str(folder)), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if "ready at" in line:
                break
        else:
            pytest.fail(f"the model server didn't start:\n{said}")
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        process.communicate(timeout=60)


def environment(**settings: str) -> dict[str, str]:
    """This process' environment with only the given settings of ours."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PLATEWISE_")}
    return inherited | settings
