"""The passages of an answer in the terminal, word by word."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.assistant.guard import cited_numbers
from bot.messages import say
from bot.store.conversations import TurnRecord

_LONGEST_EXCERPT = 500


def show_sources(record: TurnRecord, console: Console) -> None:
    """Print what an answer cites; where it cites nothing, what the model was given."""
    if not record.passages:
        console.print(say("sources_none"), markup=False)
        return
    cited = [number for number in cited_numbers(record.answer) if 1 <= number <= len(record.passages)]
    console.print(Text(say("sources_cited" if cited else "sources_given"), style="bold"))
    for number in cited or range(1, len(record.passages) + 1):
        passage = record.passages[number - 1]
        source = f" ({passage['source']})" if passage.get("source") else ""
        console.print(Text(f"[{number}] {passage['title']}").append(source, style="dim"), soft_wrap=True)
        console.print(Padding(Text(_excerpt(str(passage["text"]))), (0, 0, 0, 4)))


def _excerpt(text: str) -> str:
    text = text.strip()
    return f"{text[:_LONGEST_EXCERPT].rsplit(maxsplit=1)[0]} …" if len(text) > _LONGEST_EXCERPT else text
