"""Whether each part answers, in the words of a person who has to mend it."""

from bot.assistant.model import ModelClient
from bot.store.store import Store
from bot.web.health import Check
from retrieval.errors import UnavailableError
from retrieval.index import Index, describe_index


def model_check(model: ModelClient) -> Check:
    """Check that the model server lists the model that we would ask."""

    async def check() -> str:
        served = await model.served(fresh=True)
        return f"{served.name} at {model.url}"

    return check


def database_check(store: Store) -> Check:
    """Check that the database answers a query."""

    async def check() -> str:
        await store.database.ping()
        return "answers"

    return check


def knowledge_check(index: Index) -> Check:
    """Check that the passages can be read where they are kept, and that there are some.

    Opened anew each time (some 10 ms): the open table knows its rows by heart, also when their files are gone.
    """

    async def check() -> str:
        rows = (await describe_index(index.uri)).rows
        if not rows:
            raise UnavailableError("knowledge: the table is empty; run `platewise knowledge build`")
        return f"{rows} passages"

    return check
