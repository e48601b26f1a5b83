"""Which model answers: chosen while the bot runs, remembered, and brought back when the server forgets."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.assistant.adapters import Adapters, Listed
from bot.assistant.model import ModelClient
from retrieval.errors import BadInputError, UnavailableError
from tests.fakes.model import FakeModel
from tests.fakes.model.server import MODEL


@pytest.fixture
async def client(model: FakeModel) -> AsyncIterator[ModelClient]:
    opened = ModelClient(model.url)
    yield opened
    await opened.aclose()


@pytest.fixture
def adapters(client: ModelClient, tmp_path: Path) -> Adapters:
    made = Adapters(client, tmp_path)
    made.restore()
    return made


def put(data: Path, name: str) -> Path:
    """An adapter's folder, as training leaves it."""
    folder = data / "adapters" / name
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text("{}", encoding="utf-8")
    return folder


async def answering(client: ModelClient) -> str:
    return (await client.served()).name


async def test_what_is_served_and_what_could_be_loaded_is_listed(
    adapters: Adapters, model: FakeModel, tmp_path: Path
) -> None:
    model.adapters["diet-1"] = "/somewhere"
    put(tmp_path, "diet-2")
    (tmp_path / "adapters" / "no-adapter").mkdir()
    assert await adapters.listed() == (
        Listed(MODEL, served=True, answers=True),
        Listed("diet-1", served=True, answers=False),
        Listed("diet-2", served=False, answers=False),
    )


async def test_promoting_loads_what_is_in_the_folder_and_rolling_back_returns(
    adapters: Adapters, client: ModelClient, model: FakeModel, tmp_path: Path
) -> None:
    folder = put(tmp_path, "diet-1")
    await adapters.promote("diet-1")
    assert await answering(client) == "diet-1"
    assert model.adapters == {"diet-1": str(folder)}
    assert await adapters.roll_back() == MODEL
    assert await answering(client) == MODEL
    assert await adapters.roll_back() == "diet-1"


async def test_the_choice_survives_a_restart_of_the_bot(
    adapters: Adapters, model: FakeModel, tmp_path: Path
) -> None:
    put(tmp_path, "diet-1")
    await adapters.promote("diet-1")
    later = ModelClient(model.url, model=MODEL)
    again = Adapters(later, tmp_path)
    again.restore()
    assert await answering(later) == "diet-1"
    assert await again.roll_back() == MODEL
    await later.aclose()


async def test_a_server_that_was_restarted_is_given_the_adapter_again(
    adapters: Adapters, client: ModelClient, model: FakeModel, tmp_path: Path
) -> None:
    put(tmp_path, "diet-1")
    await adapters.promote("diet-1")
    model.adapters.clear()
    assert (await client.served(fresh=True)).adapter == "diet-1"


async def test_an_adapter_that_is_gone_for_good_is_said_so(
    adapters: Adapters, client: ModelClient, model: FakeModel
) -> None:
    model.adapters["diet-1"] = "/somewhere"
    await adapters.promote("diet-1")
    model.adapters.clear()
    with pytest.raises(UnavailableError, match="doesn't serve 'diet-1'"):
        await client.served(fresh=True)


@pytest.mark.parametrize("name", ["nothing", "../secrets", "", ".", "a/b"])
async def test_only_names_in_the_folder_are_loaded(
    adapters: Adapters, client: ModelClient, model: FakeModel, tmp_path: Path, name: str
) -> None:
    put(tmp_path, "diet-1")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "adapter_config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadInputError, match="no model or adapter"):
        await adapters.promote(name)
    assert model.adapters == {}
    assert await answering(client) == MODEL
    assert not (tmp_path / "serving.json").exists()


async def test_nothing_to_go_back_to(adapters: Adapters) -> None:
    with pytest.raises(BadInputError, match="Nothing was promoted"):
        await adapters.roll_back()


async def test_promoting_what_answers_already_keeps_the_way_back(
    adapters: Adapters, model: FakeModel
) -> None:
    model.adapters["diet-1"] = "/somewhere"
    await adapters.promote("diet-1")
    await adapters.promote("diet-1")
    assert await adapters.roll_back() == MODEL


async def test_without_a_server_nothing_is_changed(
    adapters: Adapters, model: FakeModel, tmp_path: Path
) -> None:
    await model.stop()
    with pytest.raises(UnavailableError):
        await adapters.promote("diet-1")
    assert not (tmp_path / "serving.json").exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", "nonsense"])
def test_a_spoilt_file_is_named(client: ModelClient, tmp_path: Path, content: str) -> None:
    (tmp_path / "serving.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadInputError, match=r"serving\.json"):
        Adapters(client, tmp_path).restore()


async def test_the_file_is_plain_json(adapters: Adapters, model: FakeModel, tmp_path: Path) -> None:
    model.adapters["diet-1"] = "/somewhere"
    await adapters.promote("diet-1")
    kept = json.loads((tmp_path / "serving.json").read_text(encoding="utf-8"))
    assert kept == {"current": "diet-1", "previous": ""}
