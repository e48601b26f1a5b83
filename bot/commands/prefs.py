"""`platewise prefs parse`: what the assistant understands from a sentence."""

from typing import Any

from bot.assistant.understand import Change, understand
from bot.commands.output import json_lines, json_object, print_json
from retrieval.diet.preferences import Preferences


def parse(text: str, before: str, *, as_json: bool) -> int:
    """Print the understanding of `text`, or of each JSON line on stdin when it is '-'."""
    if text == "-":
        items = list(json_lines(frozenset({"text", "before"})))
        asked = [(str(item["text"]), Preferences.from_dict(item.get("before") or {})) for item in items]
        for sentence, known in asked:
            print_json(understand(sentence, known).as_dict())
        return 0
    known = Preferences.from_dict(json_object(before, "--before"))
    understood = understand(text, known)
    if as_json:
        print_json(understood.as_dict())
    else:
        _print(understood.as_dict(), understood.add, understood.remove)
    return 0


def _print(document: dict[str, Any], add: Change, remove: Change) -> None:
    from rich.console import Console

    from bot.assistant.known import described

    console = Console(highlight=False, soft_wrap=True)
    console.print(f"adds:    {described(add) or 'nothing'}", markup=False)
    console.print(f"removes: {described(remove) or 'nothing'}", markup=False)
    console.print(f"about:   {document['about']}   intent: {document['intent']}", markup=False)
