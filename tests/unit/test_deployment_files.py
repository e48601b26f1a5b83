"""What is installed and deployed agrees with the code, file by file."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.serving.server import ServerOptions
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {f"PLATEWISE_{name.upper()}" for name in Settings.model_fields}
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
EXAMPLE = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_compose_has_its_services() -> None:
    assert set(SERVICES) == {"bot", "model", "model-cpu", "postgres"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_is_watched_restarted_and_not_root(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == "unless-stopped"
    assert str(service["user"]).partition(":")[0] not in ("", "0", "root")
    assert service["cap_drop"] == ["ALL"]


def test_nothing_is_published_by_default() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == []


def test_the_bot_gets_only_settings_that_exist() -> None:
    given = {name for service in SERVICES.values() for name in service.get("environment", {})}
    assert {name for name in given if name.startswith("PLATEWISE_")} <= SETTINGS


def test_every_variable_of_compose_is_in_the_example() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))
    assert used <= EXAMPLE


def test_the_example_lists_every_setting() -> None:
    assert SETTINGS <= EXAMPLE


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert set(re.findall(r"\$\{(?:POSTGRES_PASSWORD|PLATEWISE_TELEGRAM_TOKEN)(.)(.)", text)) == {(":", "?")}
    assert not re.search(
        r"^(?:POSTGRES_PASSWORD|PLATEWISE_TELEGRAM_TOKEN)=.", (ROOT / ".env.example").read_text()
    )


def test_every_mounted_volume_is_declared() -> None:
    declared = set(yaml.safe_load((ROOT / "compose.yaml").read_text())["volumes"])
    mounted = {
        mount.partition(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])
    }
    assert mounted == declared


def test_the_image_serves_with_the_same_flags_as_the_command() -> None:
    (text,) = re.findall(r"^CMD (\[\"--model.*?\])$", DOCKERFILE, re.MULTILINE | re.DOTALL)
    image = json.loads(text.replace("\\\n", ""))
    command = ServerOptions(python=Path("p"), model=Path("m"), log=Path("l")).command()
    here = {"--model", "--host", "--port"}
    assert _options(image, here) == _options(command[command.index("--model") :], here)


def test_images_run_as_a_user_with_rights_to_nothing() -> None:
    for image in re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]:
        if "ENTRYPOINT" in image:
            assert "USER 10001:10001" in image
            assert "HEALTHCHECK" in image


def test_only_code_may_enter_an_image() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert lines[0] == "*"
    assert {line for line in lines if line.startswith("!")} >= {"!bot", "!pyproject.toml"}
    assert not [line for line in lines if line.startswith(("!.env", "!var", "!.git"))]


@pytest.mark.parametrize("name", ["constraints.txt", "requirements-serve.txt"])
def test_every_package_is_pinned_once_and_sorted(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)] == []
    packages = [line.partition("==")[0].lower() for line in lines]
    assert packages == sorted(set(packages))


def test_the_server_goes_without_what_breaks_it() -> None:
    pins = (ROOT / "requirements-serve.txt").read_text()
    assert not re.search(r"^(?:torchvision|torchaudio|torchcodec|triton)==", pins, re.MULTILINE)


def _options(words: list[str], without: set[str]) -> dict[str, str]:
    """Return option → value, '' for a flag."""
    pairs = zip(words, [*words[1:], "--"], strict=True)
    return {
        word: "" if after.startswith("--") else after
        for word, after in pairs
        if word.startswith("--") and word not in without
    }
