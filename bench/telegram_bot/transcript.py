"""A new person's first minutes with the bot, as they happen: writes docs/transcript.md and docs/pictures/chart.png.

.venv/bin/python -m bench.telegram_bot.transcript [--model URL] [--language es --folder FOLDER]

`platewise run` talks to the fake Bot API server, where a person does what is written down here. Without `--model`, a
scripted model answers, and the page says so. Ends with 1 when a step doesn't come as it should, and writes nothing
then. The Spanish run is for reading, so it goes to a folder of its own.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.messages import say, speaking
from tests.fakes.model import FakeModel
from tests.fakes.serving import JSON
from tests.fakes.telegram import FakeTelegram

from .stage import ROOT, polls, program, settings_for
from .transcript_page import Page
from .transcript_scene import MissingError, Scene
from .transcript_words import SCRIPTED, WORDS, Words

NAME = "Ada"
PAGE, PICTURE = "transcript.md", "pictures/chart.png"
LARGEST_PICTURE = 100_000
"""Bytes."""
SCRIPT = "a scripted model"


async def main(model: str, language: str, folder: Path) -> int:
    """Play, write, and return the exit code."""
    with tempfile.TemporaryDirectory() as data:
        async with FakeTelegram() as telegram, _answering(model) as (url, who):
            scene = Scene(telegram, Path(data), NAME, language)
            settings = settings_for(telegram, url, Path(data), a_second=0)
            try:
                async with program("bot", "run", **settings):
                    await polls(telegram)
                    with speaking(language):
                        picture = await play(scene, WORDS[language])
            except MissingError as error:
                print(error, file=sys.stderr)
                return 1
    page = Page(NAME, who, PICTURE, scene.file)
    _write(folder / PICTURE, picture)
    _write(folder / PAGE, "\n".join((_opening(who), *page.lines(scene.steps))).rstrip().encode() + b"\n")
    print(f"{len(scene.steps)} steps: {folder / PAGE}, {folder / PICTURE}")
    return 0


async def play(scene: Scene, words: Words) -> bytes:
    """Do everything; return the picture. Raises `MissingError` at the first step that doesn't come as it should."""
    await _start(scene, words)
    await _form(scene, words)
    await _questions(scene, words)
    await _feedback(scene)
    picture = await _chart(scene, words)
    await _privacy(scene, words)
    return picture


async def _start(scene: Scene, words: Words) -> None:
    scene.heading("The first minute")
    await scene.write("/start", say("start"), say("consent_ask_service"))
    await scene.press(say("consent_button_yes"), say("consent_ask_improvement"))
    await scene.write(words.rather_not, say("form_ask_diets"))


async def _form(scene: Scene, words: Words) -> None:
    scene.heading("A form by taps and words, with a question in between")
    await scene.press(say("diet_dairy_free"), say("form_known", names=say("diet_dairy_free")))
    await scene.write(words.question, words.question_shows, say("form_back_diets"))
    await scene.press(say("form_button_done"), say("form_ask_allergies"))
    await scene.press(say("allergen_peanuts"), say("form_known", names=say("allergen_peanuts")))
    await scene.write(
        words.allergy_and_taste, words.allergy_shows, words.taste_shows, say("form_ask_dislikes")
    )
    await scene.press(say("form_button_none_dislikes"), say("form_ask_aims"))
    await scene.write(words.aims, say("form_summary"), say("form_next"))


async def _questions(scene: Scene, words: Words) -> None:
    scene.heading("A question, and a correction that the next answer keeps to")
    await scene.write(words.snack, words.snack_shows)
    await scene.write(words.correction, words.correction_shows)
    step = await scene.write(words.snack, "👍")
    if any(words.snack_shows in seen.text for seen in step.new):
        raise MissingError(f"what the person is allergic to is recommended: {step.new}")


async def _feedback(scene: Scene) -> None:
    scene.heading("What was wrong, another answer, and why it is as it is")
    await scene.press("👎", say("feedback_why"), say("chip_long"))
    await scene.press(say("chip_long"), say("feedback_reason_thanks"))
    await scene.press("🔁", say("again_coming"), "👍")
    await scene.write("/why", say("why_understood"), say("why_preferences"), say("why_checked"))


async def _chart(scene: Scene, words: Words) -> bytes:
    """Ask for the picture; return it."""
    scene.heading("A picture where looking beats reading")
    step = await scene.write(f"/chart {words.chart}", say("chart_title"), words.chart_shows)
    picture = scene.file(step.new[-1].media["photo"][-1]["file_id"])
    if len(picture) >= LARGEST_PICTURE:
        raise MissingError(f"the picture has {len(picture)} bytes")
    return picture


async def _privacy(scene: Scene, words: Words) -> None:
    scene.heading("What is known")
    await scene.write("/prefs", say("card_title"), say("card_allergies"))
    scene.heading(
        "What is held, all of it", "The document is shortened here: `…` stands for what is left out."
    )
    await scene.write("/mydata", say("mydata_caption"))
    scene.heading("Erased")
    await scene.write("/forget", say("button_forget_yes"))
    await scene.press(say("button_forget_yes"), say("forgotten"))
    await scene.write("/mydata", say("mydata_nothing"))
    await scene.press("👍", say("feedback_unknown"))
    await scene.write(words.dinner, "👍")
    await scene.write("/prefs", say("preferences_empty"))


@asynccontextmanager
async def _answering(model: str) -> AsyncIterator[tuple[str, str]]:
    """Give the address of what answers, and what it is called on the page."""
    if model:
        async with aiohttp.ClientSession() as http, http.get(f"{model}/v1/models") as response:
            yield model, (await response.json())["data"][0]["id"]
        return
    async with FakeModel(answers=_script()) as fake:
        yield fake.url, SCRIPT


def _script() -> Callable[[JSON], str]:
    """Return what answers with the lines of the script, in order."""
    left = {question: list(answers) for question, answers in SCRIPTED.items()}

    def answer(body: JSON) -> str:
        asked = str(body["messages"][-1]["content"]).rpartition("Question: ")[2]
        answers = left.get(asked, [""])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    return answer


def _opening(who: str) -> str:
    """Return the page's first lines."""
    script = (
        f"What is marked as written by {SCRIPT} are lines that it was given beforehand; their sources, and every other "
        "word, are the bot's own."
    )
    return f"""<!-- Written by bench/telegram_bot/transcript.py; run it again instead of changing this page. -->

# A new person's first minutes

{NAME} meets the bot. This is the log of a fake Bot API server that `platewise run` was connected to, written by
`.venv/bin/python -m bench.telegram_bot.transcript`, which fails when a step doesn't come. Messages stand here as they
were when the bot was done with what {NAME} did; ✏️ marks what was edited in place, 🔔 what pops up over the chat,
`[ … ]` is a button. Dates and durations are left out (…). {script if who == SCRIPT else f"The model was {who}."}
"""


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="", metavar="URL", help="a real model server, such as vLLM")
    parser.add_argument("--language", choices=sorted(WORDS), default="en")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "docs", help="where the page and the picture go"
    )
    options = parser.parse_args()
    sys.exit(asyncio.run(main(options.model, options.language, options.folder)))
