"""Presses of the card's buttons: what they ask for is done, and the card is redrawn with what holds then."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from telegram import CallbackQuery, Update
from telegram.error import BadRequest

from bot.assistant.known import described, name_of
from bot.assistant.prefs_change import Origin, choose, hold, known_of, perform, retarget, take_back
from bot.assistant.prefs_command import Action, PrefsCommand
from bot.assistant.prefs_values import MOST_TARGET
from bot.assistant.understand import Change
from bot.messages import languages, say
from bot.store.people import Person
from bot.store.tables import PreferenceKind
from bot.telegram.context import Context
from bot.telegram.delivery import persistently
from bot.telegram.formatting import parts
from bot.telegram.prefs_card import CARD, VIEW_OF, Card, Do, Name, View
from bot.telegram.prefs_export import send_export
from bot.telegram.replies import acknowledge
from bot.telegram.services import Services, sender
from retrieval.diet.preferences import TARGETS, Allergen, Diet

PATTERN = rf"^{CARD}:\d{{1,20}}:[a-z]+(?::[\w.]+)*$"
"""What the data of the card's buttons look like."""


@dataclass(frozen=True, slots=True)
class _Press:
    """One press: who, where from, and the words behind the verb. `card` shows what held before it."""

    update: Update
    person: Person
    card: Card
    words: tuple[str, ...]

    @property
    def origin(self) -> Origin:
        return Origin("button", f"update:{self.update.update_id}")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What to show afterwards: a view, or one to be made of what holds then; `notice` is shown for a moment."""

    notice: str = ""
    name: Name = Name.MAIN
    page: int = 0
    view: View | None = None
    target: str = ""


class CardPresses:
    """Handles `card:<Telegram id>:<verb>:<words>`; see `Do` for the verbs."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = services.store
        self._verbs: Mapping[Do, Callable[[_Press], Awaitable[_Outcome]]] = {
            Do.VIEW: self._view,
            Do.DIET: self._diet,
            Do.ALLERGY: self._allergy,
            Do.ASK: self._ask,
            Do.DROP: self._drop,
            Do.TAKE: self._take,
            Do.TARGET: self._target,
            Do.STEP: self._step,
            Do.DRAFT: self._draft,
            Do.SAVE: self._save,
            Do.UNITS: self._units,
            Do.LANGUAGE: self._language,
            Do.CLEAR: self._clear,
            Do.WIPE: self._wipe,
            Do.EXPORT: self._export,
            Do.CLOSE: self._close,
        }

    async def press(self, update: Update, _context: Context) -> None:
        """Do what a button asks for, if it is this person's."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        _, owner, verb, *words = query.data.split(":")
        mine = sender(update).id
        person = await self._services.person(update)
        if owner != str(mine):
            await acknowledge(query, say("prefs_not_yours"), alert=True)
            return
        press = _Press(update, person, Card(mine, await known_of(self._store, person)), tuple(words))
        handle = self._verbs.get(Do(verb)) if verb in set(Do) else None
        try:
            outcome = await handle(press) if handle else _Outcome(say("card_changed"))
        except (ValueError, IndexError):
            # A button of another version of this bot: its words mean nothing here.
            outcome = _Outcome(say("card_changed"))
        await acknowledge(query, outcome.notice)
        await redraw(query, await self._shown(press, outcome))

    async def _shown(self, press: _Press, outcome: _Outcome) -> View:
        if outcome.view is not None:
            return outcome.view
        card = Card(press.card.mine, await known_of(self._store, press.person))
        held = card.known.find(PreferenceKind.TARGET, outcome.target) if outcome.target else None
        return card.target(held) if held is not None else card.view(outcome.name, outcome.page)

    async def _view(self, press: _Press) -> _Outcome:
        return _Outcome(view=press.card.view(Name(press.words[0]), int(press.words[1])))

    async def _diet(self, press: _Press) -> _Outcome:
        diet, wanted = Diet(press.words[0]), press.words[1] == "1"
        change = Change(diets=frozenset({diet}))
        if wanted:
            await hold(self._store, press.person, change, press.origin)
        elif held := press.card.known.find(PreferenceKind.DIET, diet):
            await take_back(self._store, press.person, held.id, press.origin)
        return _Outcome(say("card_on" if wanted else "card_off", name=described(change)), Name.DIETS)

    async def _allergy(self, press: _Press) -> _Outcome:
        change = Change(allergies=frozenset({str(Allergen(press.words[0]))}))
        await hold(self._store, press.person, change, press.origin)
        return _Outcome(say("card_on", name=described(change)), Name.ALLERGIES)

    async def _ask(self, press: _Press) -> _Outcome:
        held, page = press.card.known.get(int(press.words[0])), int(press.words[1])
        if held is None or held.kind is not PreferenceKind.ALLERGY:
            return _Outcome(say("card_gone"), Name.ALLERGIES, page)
        return _Outcome(view=press.card.question(held, page))

    async def _drop(self, press: _Press) -> _Outcome:
        gone = await take_back(self._store, press.person, int(press.words[0]), press.origin)
        notice = say("card_gone") if gone is None else say("card_off", name=name_of(gone))
        return _Outcome(notice, Name.ALLERGIES)

    async def _take(self, press: _Press) -> _Outcome:
        held, page = press.card.known.get(int(press.words[0])), int(press.words[1])
        if held is not None and held.kind is PreferenceKind.ALLERGY:
            # Only a forged press gets here: our buttons ask first.
            return _Outcome(view=press.card.question(held, page))
        gone = await take_back(self._store, press.person, int(press.words[0]), press.origin)
        if gone is None:
            return _Outcome(say("card_gone"), self._list_of(press), page)
        name = name_of(gone, press.card.known.units)
        return _Outcome(say("card_off", name=name), VIEW_OF[gone.kind], page)

    def _list_of(self, press: _Press) -> Name:
        """Return the list on which a thing that is gone stood; the main view when nobody knows."""
        kind = press.card.known.kind_of(int(press.words[0]))
        return Name.MAIN if kind is None else VIEW_OF[kind]

    async def _target(self, press: _Press) -> _Outcome:
        held = press.card.known.get(int(press.words[0]))
        if held is None or held.kind is not PreferenceKind.TARGET:
            return _Outcome(say("card_changed"), Name.TARGETS)
        return _Outcome(view=press.card.target(held))

    async def _step(self, press: _Press) -> _Outcome:
        event_id, amount = int(press.words[0]), _amount(press.words[1])
        target = await retarget(self._store, press.person, event_id, amount, press.origin)
        if target is None:
            return _Outcome(say("card_changed"), Name.TARGETS)
        return _Outcome(_target_noted(target, amount, press.card.known.units), Name.TARGETS, target=target)

    async def _draft(self, press: _Press) -> _Outcome:
        target, amount = _known_target(press.words[0]), _amount(press.words[1])
        if held := press.card.known.find(PreferenceKind.TARGET, target):
            return _Outcome(say("card_changed"), view=press.card.target(held))
        return _Outcome(view=press.card.draft(target, amount))

    async def _save(self, press: _Press) -> _Outcome:
        target, amount = _known_target(press.words[0]), _amount(press.words[1])
        held = press.card.known.find(PreferenceKind.TARGET, target)
        if held is not None and held.source_id != press.origin.source_id:
            return _Outcome(say("card_changed"), view=press.card.target(held))
        await hold(self._store, press.person, Change(targets={target: amount}), press.origin)
        return _Outcome(_target_noted(target, amount, press.card.known.units), Name.TARGETS, target=target)

    async def _units(self, press: _Press) -> _Outcome:
        return await self._choose(press, "units", ("metric", "imperial"))

    async def _language(self, press: _Press) -> _Outcome:
        return await self._choose(press, "language", languages())

    async def _choose(self, press: _Press, name: str, choices: tuple[str, ...]) -> _Outcome:
        choice = choices[choices.index(press.words[0])]
        command = PrefsCommand(Action.SET, settings={name: choice})
        said = await choose(self._store, press.person, command, press.origin)
        return _Outcome(said, Name.SETTINGS)

    async def _clear(self, press: _Press) -> _Outcome:
        return _Outcome(view=press.card.clear_question()) if press.card.known else _Outcome(say("card_gone"))

    async def _wipe(self, press: _Press) -> _Outcome:
        source_id = press.origin.source_id or ""
        if int(press.words[0]) != press.card.known.latest_id and not press.card.known.stated_by(source_id):
            return _Outcome(say("card_changed"))
        done = await perform(self._store, press.person, PrefsCommand(Action.CLEAR), press.origin)
        return _Outcome(done.text)

    async def _export(self, press: _Press) -> _Outcome:
        await send_export(self._store, press.person, press.update)
        return _Outcome()

    async def _close(self, _press: _Press) -> _Outcome:
        return _Outcome(view=View(say("card_closed")))


async def redraw(query: CallbackQuery, view: View) -> None:
    """Put a view where the pressed button stands."""
    part = parts(view.text)[0]
    try:
        await persistently(
            lambda: query.edit_message_text(part.text, entities=part.entities, reply_markup=view.keyboard)
        )
    except BadRequest as error:
        # Pressed twice, so that it shows this already; or the person has deleted it.
        said = error.message.lower()
        if not any(harmless in said for harmless in ("not modified", "not found", "can't be edited")):
            raise


def _known_target(word: str) -> str:
    if word not in TARGETS:
        raise ValueError(word)
    return word


def _amount(word: str) -> float:
    amount = float(word)
    if not 0 < amount < MOST_TARGET:  # not a number, too
        raise ValueError(word)
    return amount


def _target_noted(target: str, amount: float, units: str) -> str:
    return say("card_on", name=described(Change(targets={target: amount}), units))
