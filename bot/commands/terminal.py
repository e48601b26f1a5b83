"""An answer in the terminal."""

from rich.console import Console
from rich.markdown import Markdown

from bot.assistant.answer import Answer
from bot.assistant.assistant import LONGEST_QUESTION
from bot.commands.chatting.tables import beside_table, figures_table, fits
from bot.messages import say
from retrieval.errors import BadInputError


def checked_question(text: str) -> str:
    """Return `text` without surrounding white space. Raises `BadInputError` for an empty or endless one."""
    question = text.strip()
    if not question:
        raise BadInputError(say("empty_question"))
    if len(question) > LONGEST_QUESTION:
        raise BadInputError(say("too_long", length=len(question), limit=LONGEST_QUESTION))
    return question


def print_answer(answer: Answer, console: Console | None = None) -> None:
    """Print an answer and the sources that it cites: formatted in a terminal, with a table; plain in a pipe."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.print(answer.full_text, markup=False, soft_wrap=True)
    elif (table := figures_table(answer)) is None or not fits(table, console):
        console.print(formatted(answer.full_text))
    else:
        console.print(formatted(beside_table(answer)))
        console.print(table)
    for number, passage in answer.cited:
        source = f" ({passage.source})" if passage.source else ""
        console.print(f"[{number}] {passage.title}{source}", markup=False, style="dim", soft_wrap=True)


def formatted(text: str) -> Markdown:
    """Return Markdown whose line ends are kept."""
    return Markdown(text.replace("\n", "  \n"))
