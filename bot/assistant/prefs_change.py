"""Doing what `/prefs` and its buttons ask for. Doing the same update's wish again changes nothing."""

from dataclasses import dataclass, field, replace

from bot.assistant.known import Known, change_of, described, export_document, named
from bot.assistant.prefs_command import Action, PrefsCommand
from bot.assistant.prefs_words import own_name
from bot.assistant.redlines import LOWEST_ENERGY, red_line
from bot.assistant.turns import values
from bot.assistant.understand import About, Change, Understanding, understand
from bot.assistant.words import food_name
from bot.messages import say, speak, spoken
from bot.store.people import Person
from bot.store.preferences import PreferenceEvent
from bot.store.store import Store
from bot.store.tables import PreferenceKind
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Settings
from retrieval.diet.rules import ALLERGENS

__all__ = [
    "Done",
    "Origin",
    "choose",
    "covers",
    "exported",
    "hold",
    "known_of",
    "perform",
    "retarget",
    "take_back",
]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a wish came from: `command` or `button`, and the update (`update:<id>`) if there is one."""

    source: str
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What to say, and what still waits for the person's yes: allergies to drop, and candidates to note."""

    text: str
    to_drop: frozenset[str] = frozenset()
    to_note: Change = field(default_factory=Change)


async def perform(store: Store, person: Person, command: PrefsCommand, origin: Origin) -> Done:
    """Do what a command asks for; whoever calls has asked first where `command.needs_confirmation`.

    `SHOW` and `EXPORT` change nothing and are answered by the caller.
    """
    if command.action is Action.CLEAR and command.kind is not None:
        return Done(await _clear_kind(store, person, PreferenceKind(command.kind), origin))
    if command.action is Action.CLEAR:
        await store.preferences.clear(person.id, origin.source, origin.source_id)
        return Done(say("prefs_cleared"))
    if command.action is Action.SET:
        return Done(await choose(store, person, command, origin))
    if command.action is Action.TELL:
        return await _tell(store, person, command.text, origin)
    if command.action is Action.REMOVE:
        return Done(await _remove(store, person, command.change, origin))
    await _apply(store, person, origin, add=command.change)
    return Done(_noted(command.change, (await known_of(store, person)).units))


async def known_of(store: Store, person: Person) -> Known:
    """Return what is known about a person, with where it came from."""
    return Known.read(await store.preferences.history(person.id))


async def exported(store: Store, person: Person) -> bytes:
    """Return the preferences and their history as a JSON document."""
    history = await store.preferences.history(person.id)
    return export_document(await store.preferences.load(person.id), history)


async def choose(store: Store, person: Person, command: PrefsCommand, origin: Origin) -> str:
    """Keep a chosen setting, speak a chosen language from here on, and return what to say."""
    known = await known_of(store, person)
    language = command.settings.get("language", spoken(person.language))
    units = command.settings.get("units", known.units)
    settings = Settings(units=units, language=language)
    await store.preferences.choose(person.id, settings, source=origin.source, source_id=origin.source_id)
    if "language" not in command.settings:
        return say("prefs_chosen_units", name=say(f"units_{units}"))
    await store.people.choose_language(person.id, language)
    speak(language)
    return say("prefs_chosen_language", name=own_name(language))


async def hold(store: Store, person: Person, change: Change, origin: Origin) -> None:
    """Note what doesn't hold yet; what does keeps the date on which it was stated."""
    known = await known_of(store, person)
    new = Change(
        diets=frozenset(item for item in change.diets if not known.find(PreferenceKind.DIET, item)),
        allergies=frozenset(
            item for item in change.allergies if not known.find(PreferenceKind.ALLERGY, item)
        ),
        targets=change.targets,
    )
    if new:
        await _apply(store, person, origin, add=new)


async def take_back(store: Store, person: Person, event_id: int, origin: Origin) -> PreferenceEvent | None:
    """Take one known thing back and return it; `None` when it doesn't hold any more.

    What this very update took back before is returned, too.
    """
    history = await store.preferences.history(person.id)
    event = next((item for item in history if item.id == event_id), None)
    if event is None:
        return None
    if Known.read(history).get(event_id) is None:
        done_here = any(
            item.id == event.superseded_by and item.source_id == origin.source_id for item in history
        )
        return event if done_here else None
    await _apply(store, person, origin, remove=change_of([event]))
    return event


async def retarget(store: Store, person: Person, event_id: int, amount: float, origin: Origin) -> str | None:
    """Give a target another amount and return its id; `None` when the target isn't as it was on the card."""
    history = await store.preferences.history(person.id)
    event = next((item for item in history if item.id == event_id), None)
    if event is None or event.kind is not PreferenceKind.TARGET:
        return None
    known = Known.read(history)
    if known.get(event_id) is None:
        now = known.find(PreferenceKind.TARGET, event.value)
        return event.value if now is not None and now.source_id == origin.source_id else None
    await _apply(store, person, origin, add=Change(targets={event.value: amount}))
    return event.value


async def _tell(store: Store, person: Person, text: str, origin: Origin) -> Done:
    before = await store.preferences.load(person.id)
    understood = understand(text, before)
    if understood.about is About.OTHER:
        return Done(say("prefs_for_other"))
    taken = replace(understood.remove, allergies=frozenset())
    if understood.noted or taken:
        await _apply(store, person, origin, add=understood.noted, remove=taken)
    said = [_noted(understood.noted, before.settings.units)] if understood.noted else []
    said += [say("prefs_removed", changes=named(taken))] if taken else []
    said += [_unresolved(word) for word in understood.unresolved]
    if understood.others:
        said.append(say("prefs_for_other"))
    candidates = Change(allergies=_maybe_allergies(understood), exceptions=understood.loosens)
    return Done("\n\n".join(said), understood.needs_confirmation, candidates)


async def _remove(store: Store, person: Person, change: Change, origin: Origin) -> str:
    known = await known_of(store, person)
    held = change_of(item for item in known.things if covers(change, item))
    names = named(change)
    if not held:
        repeated = origin.source_id is not None and known.stated_by(origin.source_id)
        return say("prefs_removed" if repeated else "prefs_not_there", changes=names)
    await _apply(store, person, origin, remove=held)
    return say("prefs_removed", changes=named(held))


async def _clear_kind(store: Store, person: Person, kind: PreferenceKind, origin: Origin) -> str:
    known = await known_of(store, person)
    held = known.of(kind)
    if held:
        await _apply(store, person, origin, remove=change_of(held))
    elif origin.source_id is not None:
        held = known.stated_by(origin.source_id)  # the very same press took them back before
    return say("prefs_removed", changes=named(change_of(held))) if held else say("prefs_kept")


def covers(change: Change, item: PreferenceEvent) -> bool:
    """Whether a known thing is among the values of a change."""
    values_of_kind = {
        PreferenceKind.DIET: change.diets,
        PreferenceKind.ALLERGY: change.allergies,
        PreferenceKind.EXCEPTION: change.exceptions,
        PreferenceKind.LIKE: change.likes,
        PreferenceKind.DISLIKE: change.dislikes,
        PreferenceKind.TARGET: change.targets,
    }
    return item.value in values_of_kind.get(item.kind, ())


async def _apply(
    store: Store,
    person: Person,
    origin: Origin,
    *,
    add: Change = Change(),  # noqa: B008 (immutable)
    remove: Change = Change(),  # noqa: B008 (immutable)
) -> None:
    await store.preferences.apply(
        person.id, add=values(add), remove=values(remove), source=origin.source, source_id=origin.source_id
    )


def _noted(change: Change, units: str) -> str:
    """Say what was noted; a very low energy target gets the words that it gets everywhere."""
    said = say("prefs_added", changes=described(change, units))
    energy = change.targets.get("energy_kcal")
    if energy is None or energy >= LOWEST_ENERGY:
        return said
    line = red_line("energy target", change.targets)
    return said if line is None else f"{said}\n\n{line.answer}"


def _unresolved(word: str) -> str:
    """Say that nobody knows a word that stands where an allergy's food should."""
    if close := lexicon().suggest(word):
        return say("unresolved", word=word, suggestions=" / ".join(food_name(item) for item in close))
    return say("unresolved_unknown", word=word)


def _maybe_allergies(understood: Understanding) -> frozenset[str]:
    """Return the allergens that are only disliked: of 'no peanuts' nobody knows whether it is an allergy."""
    disliked = (lexicon().resolve(taste) for taste in understood.noted.dislikes)
    return (
        frozenset(item for item in disliked if item is not None and item in ALLERGENS)
        - understood.noted.allergies
    )
