"""`platewise`: one command line for the assistant, its knowledge base and its model server.

Every command is a few lines here; what it does is in `bot/commands/`, imported when it runs, so that
`--help` and `prefs parse` answer at once.
"""

import gc
import os
import sys
from pathlib import Path
from typing import Annotated

# What imports make stays: collecting garbage every 700 objects meanwhile is 60 ms of each start.
gc.set_threshold(50_000, 20, 20)
# Pydantic, which Typer imports, would look through every installed package for plugins: 50 ms of each start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

import typer

from retrieval.errors import BadInputError, PlatewiseError

app = typer.Typer(
    name="platewise",
    help="A personal diet assistant: it knows food, and what you must never be given.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
prefs_app = typer.Typer(help="What the assistant understands of people's preferences.", no_args_is_help=True)
knowledge_app = typer.Typer(help="The knowledge base: foods, recipes and notes.", no_args_is_help=True)
dataset_app = typer.Typer(help="Datasets: from consented conversations, or made up.", no_args_is_help=True)
model_app = typer.Typer(help="The embedded model server.", no_args_is_help=True)
app.add_typer(prefs_app, name="prefs")
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(dataset_app, name="dataset")
app.add_typer(model_app, name="model")

DEFAULT_VIEWS, DEFAULT_FORMATS = ("prompt-completion",), ("jsonl", "parquet")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Diets = Annotated[list[str] | None, typer.Option("--diet", help="A diet, such as vegan. May be repeated.")]
Allergies = Annotated[
    list[str] | None,
    typer.Option("--allergy", help="An allergen or ingredient, such as peanuts. May be repeated."),
]
Out = Annotated[Path, typer.Option("--out", help="The folder to write; it must not be there yet.")]
Views = Annotated[
    list[str] | None,
    typer.Option(
        "--view", help="prompt-completion (default), messages, sharegpt, … or all. May be repeated."
    ),
]
Formats = Annotated[
    list[str] | None,
    typer.Option("--format", help="jsonl, jsonl.zst, parquet; default: jsonl and parquet. May be repeated."),
]
Contexts = Annotated[
    str, typer.Option("--context", help="with, without or both: whether prompts hold the passages.")
]
Tokenizer = Annotated[
    Path | None, typer.Option("--tokenizer", help="Folder of the model to be trained: counts its tokens.")
]
MaxTokens = Annotated[
    int | None,
    typer.Option("--max-tokens", min=1, help="Leave out, and list, rows with more tokens than that."),
]
Dislikes = Annotated[list[str] | None, typer.Option("--dislike", help="A food to put last. May be repeated.")]


@app.command()
def run(
    webhook: Annotated[
        bool, typer.Option("--webhook", help="Have Telegram post updates to PLATEWISE_WEBHOOK_URL.")
    ] = False,
) -> None:
    """Run the Telegram bot (needs PLATEWISE_TELEGRAM_TOKEN)."""
    from bot.commands.run import run as command

    _finish(command(webhook=webhook))


@app.command()
def chat(
    user: Annotated[str, typer.Option("--user", help="Whose preferences and history to use.")] = "default",
) -> None:
    """Talk with the assistant in the terminal, or through a pipe; no token needed. /help shows what can be typed.

    What is typed at a terminal is kept for the arrow keys in the folder `chat` of PLATEWISE_DATA, readable for its
    owner alone; not for who refuses by /privacy that conversations are kept, and until /forget.
    """
    from bot.commands.chat import chat as command

    _finish(command(user))


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The question; - reads JSON lines from stdin.")],
    diet: Diets = None,
    allergy: Allergies = None,
    dislike: Dislikes = None,
    user: Annotated[
        str | None, typer.Option("--user", help="Use and keep this person's preferences.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask one question and print the answer with its sources."""
    from bot.commands.ask import ask as command

    _finish(command(text, diet or [], allergy or [], dislike or [], user=user, as_json=as_json))


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the embedded model server.")] = 8001,
) -> None:
    """Prepare everything that is missing, start the embedded model, then open the chat or run the bot."""
    from bot.commands.demo import run_demo as command

    _finish(command(port))


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Print every setting, and whether each part answers."""
    from bot.commands.doctor import doctor as command

    _finish(command(as_json=as_json))


@prefs_app.command("parse")
def prefs_parse(
    text: Annotated[str, typer.Argument(help="A sentence; - reads JSON lines from stdin.")],
    before: Annotated[str, typer.Option("--before", help="Preferences known before, as JSON.")] = "{}",
    as_json: AsJson = False,
) -> None:
    """Print what the assistant understands from a sentence."""
    from bot.commands.prefs import parse as command

    _finish(command(text, before, as_json=as_json))


@knowledge_app.command("build")
def knowledge_build(
    reembed: Annotated[
        bool, typer.Option("--reembed", help="Embed every passage again, after PLATEWISE_EMBEDDER changed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the knowledge base from the bundled catalogue, if it isn't up to date."""
    from bot.commands.knowledge import build as command

    _finish(command(reembed=reembed, as_json=as_json))


@knowledge_app.command("add")
def knowledge_add(
    path: Annotated[Path, typer.Argument(help="A file or folder; what it is is recognised by its content.")],
    kind: Annotated[
        str | None, typer.Option("--as", help="usda, open-food-facts, recipes or documents: read it as this.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, for `knowledge versions`.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add foods, recipes or documents; the same file twice changes nothing."""
    from bot.commands.knowledge_changes import add_path as command

    _finish(command(path, kind, reason, as_json=as_json))


@knowledge_app.command("list")
def knowledge_list(as_json: AsJson = False) -> None:
    """Print how many documents of each kind there are, where they come from, and under which licence."""
    from bot.commands.knowledge import list_documents as command

    _finish(command(as_json=as_json))


@knowledge_app.command("search")
def knowledge_search(
    text: Annotated[str, typer.Argument(help="What to look for.")],
    diet: Diets = None,
    allergy: Allergies = None,
    dislike: Dislikes = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many passages at most.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Print the passages that a question would be answered from."""
    from bot.commands.knowledge import search_passages as command

    _finish(command(text, diet or [], allergy or [], dislike or [], limit=limit, as_json=as_json))


@knowledge_app.command("remove")
def knowledge_remove(
    origin: Annotated[str, typer.Argument(help="An origin that `knowledge list --json` names.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, for `knowledge versions`.")] = "",
    as_json: AsJson = False,
) -> None:
    """Remove everything that came from one origin; `knowledge rollback` brings it back."""
    from bot.commands.knowledge_changes import remove_origin as command

    _finish(command(origin, reason, as_json=as_json))


@knowledge_app.command("versions")
def knowledge_versions(as_json: AsJson = False) -> None:
    """Print every change to the knowledge base, with its reason."""
    from bot.commands.knowledge_changes import list_versions as command

    _finish(command(as_json=as_json))


@knowledge_app.command("rollback")
def knowledge_rollback(
    version: Annotated[int, typer.Argument(help="The number that `knowledge versions` prints.")],
    as_json: AsJson = False,
) -> None:
    """Make the knowledge base what it was at an earlier version."""
    from bot.commands.knowledge_changes import roll_back as command

    _finish(command(version, as_json=as_json))


@knowledge_app.command("compact")
def knowledge_compact(
    days: Annotated[int, typer.Option("--keep-days", min=1, help="Keep versions of so many days.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Merge small files and delete old versions; `platewise run` does it daily."""
    from bot.commands.knowledge_changes import compact as command

    _finish(command(days, as_json=as_json))


@knowledge_app.command("evaluate")
def knowledge_evaluate(
    folder: Annotated[
        Path, typer.Argument(help="A BEIR folder: corpus.jsonl, queries.jsonl, qrels/; or ours, bench/data.")
    ],
    split: Annotated[str, typer.Option("--split", help="Which judgements: qrels/SPLIT.tsv.")] = "test",
    as_json: AsJson = False,
) -> None:
    """Measure how well search finds what it should."""
    from bot.commands.knowledge_evaluate import evaluate_folder as command

    _finish(command(folder, split, as_json=as_json))


@dataset_app.command("export")
def dataset_export(
    out: Out,
    view: Views = None,
    formats: Formats = None,
    context: Contexts = "with",
    since: Annotated[
        str | None,
        typer.Option("--since", help="Only turns answered since this day, or since the last export: last."),
    ] = None,
    min_feedback: Annotated[
        str, typer.Option("--min-feedback", help="any, not-down or up: what was thought of the answer.")
    ] = "any",
    include_refused: Annotated[
        bool, typer.Option("--include-refused", help="Also answers that the guard put aside for its own.")
    ] = False,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Only answers in it, such as en. May be repeated.")
    ] = None,
    tokenizer: Tokenizer = None,
    max_tokens: MaxTokens = None,
    as_json: AsJson = False,
) -> None:
    """Write the turns whose authors allowed it as a dataset: redacted, without copies, split by person."""
    from bot.commands.dataset import Asked
    from bot.commands.dataset import export as command

    asked = Asked(view or DEFAULT_VIEWS, formats or DEFAULT_FORMATS, context, tokenizer, max_tokens)
    _finish(
        command(
            out,
            asked,
            since=since,
            min_feedback=min_feedback,
            include_refused=include_refused,
            languages=language or [],
            as_json=as_json,
        )
    )


@dataset_app.command("check")
def dataset_check(
    folder: Annotated[Path, typer.Argument(help="A dataset's folder.")], as_json: AsJson = False
) -> None:
    """Verify a dataset: bytes, counts, that every file loads, and that nobody is in it who has left since."""
    from bot.commands.dataset import check as command

    _finish(command(folder, as_json=as_json))


@dataset_app.command("bootstrap")
def dataset_bootstrap(
    out: Out,
    rows: Annotated[
        int, typer.Option("--rows", min=1, help="Answers to make; what is too long is left out.")
    ] = 20_000,
    seed: Annotated[int, typer.Option("--seed", help="Another seed, other conversations.")] = 1,
    view: Views = None,
    formats: Formats = None,
    context: Contexts = "with",
    tokenizer: Tokenizer = None,
    max_tokens: MaxTokens = None,
    as_json: AsJson = False,
) -> None:
    """Make a dataset of conversations from the knowledge base: answers that are true by construction."""
    from bot.commands.bootstrap import bootstrap as command
    from bot.commands.dataset import Asked

    asked = Asked(view or DEFAULT_VIEWS, formats or DEFAULT_FORMATS, context, tokenizer, max_tokens)
    _finish(command(out, asked, count=rows, seed=seed, as_json=as_json))


@model_app.command("serve")
def model_serve(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
) -> None:
    """Serve the embedded model with vLLM on the CPU, until Ctrl-C."""
    from bot.commands.model import serve_model as command

    _finish(command(port))


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 failed, 2 wrong use or bad input."""
    try:
        app()
    except BadInputError as error:
        _complain(error)
        sys.exit(2)
    except PlatewiseError as error:
        _complain(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone (`platewise … | head`): nothing to say, and nobody to say it to.
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        # A full disk, a file that can't be read: the system's own words say it best.
        where = f" ({error.filename})" if error.filename else ""
        typer.echo(f"platewise: {error.strerror or error}{where}", err=True)
        sys.exit(1)


def _finish(code: int) -> None:
    raise typer.Exit(code)


def _complain(error: PlatewiseError) -> None:
    typer.echo(f"platewise: {error}", err=True)
