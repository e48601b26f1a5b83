"""Over random histories, no row is ever of somebody who didn't agree, or doesn't any more, or was erased."""

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.store.store import Store
from tests.unit.bot.store.histories import PEOPLE, Do, Step, play

_STEPS = st.lists(
    st.builds(
        Step,
        st.integers(0, PEOPLE - 1),
        st.sampled_from([*Do, Do.ASK, Do.ASK, Do.AGREE, Do.AGREE]),
        st.integers(0, 7),
    ),
    max_size=25,
)


@example([Step(0, Do.AGREE), Step(0, Do.ASK), Step(0, Do.REFUSE), Step(0, Do.AGREE), Step(0, Do.ASK)])
@example([Step(0, Do.ASK), Step(0, Do.AGREE), Step(0, Do.FOLLOW_UP), Step(0, Do.AGAIN), Step(0, Do.ASK)])
@example([Step(0, Do.AGREE), Step(0, Do.ASK), Step(0, Do.FORGET), Step(0, Do.AGREE), Step(0, Do.ASK)])
@example([Step(0, Do.AGREE), Step(0, Do.ASK), Step(0, Do.EDIT), Step(0, Do.AGAIN), Step(0, Do.FOLLOW_UP)])
@given(_STEPS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_was_and_is_consented_to(migrated_file: Path, steps: list[Step]) -> None:
    async def lived(folder: Path) -> list[str]:
        shutil.copy(migrated_file, folder / "platewise.db")
        store = Store.open(f"sqlite:///{folder / 'platewise.db'}")
        try:
            _, wrong = await (await play(store, steps)).violations(folder)
        finally:
            await store.close()
        return wrong

    with TemporaryDirectory() as folder:
        assert asyncio.run(lived(Path(folder))) == []
