"""The form that a new person fills in, by buttons and in their own words. `bot.assistant.form` says what comes next."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.assistant.consented import Consented
from bot.assistant.form import NAME, Form, Mark, Step, with_known
from bot.assistant.form_answers import Answered, done, none_of, read_answer
from bot.assistant.form_words import word_of
from bot.assistant.known import Known, described
from bot.assistant.prefs_change import Origin, known_of, take_back
from bot.assistant.prefs_values import MOST_TARGET
from bot.assistant.turns import values
from bot.assistant.understand import Change
from bot.assistant.words import food_name
from bot.messages import say
from bot.store.people import Person
from bot.telegram.asking import note_questions
from bot.telegram.context import Context
from bot.telegram.delivery import persistently
from bot.telegram.form_card import AIMS, FORM, Do, FormCard, names_in
from bot.telegram.formatting import parts
from bot.telegram.groups import is_shared
from bot.telegram.prefs_card import View, escaped
from bot.telegram.prefs_press import redraw
from bot.telegram.replies import acknowledge, reply
from bot.telegram.services import Services, sender
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Allergen, Diet
from retrieval.diet.rules import ALLERGENS

PATTERN = rf"^{FORM}:\d{{1,20}}:[a-z]+:[a-z]+(?::[\w.=]+)?$"
"""What the data of the form's buttons look like."""

LONGEST_ANSWER = 1000
"""Characters. What is longer, or came in several messages, is no answer to a question of the form alone."""


@dataclass(frozen=True, slots=True)
class _Press:
    """One press: who, on which question, what, and the word behind it."""

    update: Update
    person: Person
    step: Step
    do: Do
    word: str

    @property
    def origin(self) -> Origin:
        return Origin("form", f"update:{self.update.update_id}")


class FormHandlers:
    """The form of everybody who fills one in: all that is remembered of it is in the store, under the person's id."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = services.store
        self._consented = Consented(services.store)

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [CallbackQueryHandler(self.press, pattern=PATTERN)]

    async def is_new(self, person: Person) -> bool:
        """Tell whether a person has never been asked."""
        return await self._load(person) is None

    async def begin(self, update: Update, person: Person) -> None:
        """Ask the first question that isn't answered yet; to who has finished, say what is known."""
        if is_shared(update):
            return
        before = await self._load(person)
        decisions = await self._store.consents.decisions(person.id)
        known = await known_of(self._store, person)
        form = with_known(before or Form(), known, decisions.values())
        if form.card_for == update.update_id:  # handled before, by a process that didn't come to its end
            return
        if form.open_step is not None:
            await self._ask(update, person, form, brief=before is not None)
            return
        card = FormCard(sender(update).id, form, known, decisions)
        view = card.summary(say("form_hello_again"), again=True)
        await self._send(update, person, form, view)

    async def take(self, update: Update, person: Person, text: str) -> bool:
        """Take what `text` answers; False when it is to be answered as well, and states what its turn applies."""
        if is_shared(update) or (form := await self._current(person)) is None:
            return False
        if form.heard == update.update_id:
            # Read before, by a process that didn't come to its end: it must not answer the next question, too.
            if form.taken and form.card_for != update.update_id:
                await self._ask(update, person, form)
            return form.taken
        # An edited message is no answer to what was asked since it was written.
        if form.is_closed or update.edited_message is not None or len(text) > LONGEST_ANSWER:
            return False
        asked = await self._load(person)
        if asked is not None and asked.open_step is not form.open_step and word_of(text):
            # A 'yes' to what `/privacy` has decided since is none to the next question, which nobody has seen yet.
            answered = Answered(form, taken=True)
        else:
            answered = read_answer(text, form, await self._store.preferences.load(person.id))
        if answered.taken:
            await self._apply(update, person, answered)
        form = replace(answered.form, heard=update.update_id, taken=answered.taken)
        await self._save(person, form)
        if answered.taken:
            note = _noted(answered, await known_of(self._store, person))
            await self._ask(update, person, form, note=note)
            for question in note_questions(sender(update).id, Change(allergies=answered.candidates)):
                await reply(update, escaped(question.text), question.keyboard)
        return answered.taken

    async def resume(self, update: Update, person: Person) -> None:
        """Put the open question again, after something else was answered; nothing when there is none."""
        if is_shared(update) or (form := await self._current(person)) is None:
            return
        if form.card_for == update.update_id:
            return
        if not form.is_closed:
            await self._ask(update, person, form, brief=True)
        elif form.heard == update.update_id:
            # That message answered the last question on the way, so that there is nothing to ask.
            await self._show_in_place(update, form, await self._view(update, person, form))

    async def press(self, update: Update, _context: Context) -> None:
        """Do what a button asks for, if it is this person's and its question is open."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        _, owner, step, do, *words = query.data.split(":")
        person = await self._services.person(update)
        if owner != str(sender(update).id):
            await acknowledge(query, say("prefs_not_yours"), alert=True)
            return
        form = await self._current(person)
        known_words = step in set(Step) and do in set(Do)
        press = _Press(update, person, Step(step), Do(do), words[0] if words else "") if known_words else None
        if form is None or press is None:
            await acknowledge(query, say("form_over"))
            await _strip(query)
        elif press.do is Do.MORE or form.open_step is press.step:
            await self._pressed(query, press, form)
        else:
            await self._too_late(query, press, form)

    async def _pressed(self, query: CallbackQuery, press: _Press, form: Form) -> None:
        view = None
        try:
            after = await self._do(press, form)
        except ValueError:  # a button of another version of this bot
            after = form
        if press.do is Do.ASK and press.word in ALLERGENS:
            view = FormCard(
                sender(press.update).id, form, await known_of(self._store, press.person)
            ).drop_question(press.word)
        message_id = query.message.message_id if query.message is not None else 0
        after = after.shown(message_id, press.update.update_id)
        await self._save(press.person, after)
        await acknowledge(query)
        await redraw(query, view or await self._view(press.update, press.person, after))
        if form.card is not None and form.card != message_id:
            await self._show_in_place(press.update, form, None)

    async def _do(self, press: _Press, form: Form) -> Form:
        """Do what an open question's button says, and return the form afterwards. `ValueError` for unknown words."""
        step, do = press.step, press.do
        if do is Do.QUIT:
            return form.quit()
        if do is Do.MORE:
            return form.again()
        if do is Do.SKIP:
            return form.marked({step: Mark.SKIPPED})
        if step.purpose is not None:
            if do in (Do.YES, Do.NO):
                await self._consented.decide(press.person, step.purpose, granted=do is Do.YES)
                return form.marked({step: Mark.SAID})
            return form
        before = await self._store.preferences.load(press.person.id)
        if do is Do.NONE:
            return none_of(form, step, before).form
        if do is Do.DONE:
            return form.marked({step: done(step, before)})
        await self._toggle(press)
        return form

    async def _toggle(self, press: _Press) -> None:
        if (kind := press.step.kind) is None:
            return
        held = (await known_of(self._store, press.person)).find(kind, press.word)
        # An allergy is dropped only by the button under the question.
        takes_back = Do.DROP if press.step is Step.ALLERGIES else Do.OFF
        if press.do is Do.ON and held is None:  # what holds keeps the date on which it was said
            await self._state(press.person, _change(press.step, press.word), press.origin)
        elif press.do is takes_back and held is not None:
            await take_back(self._store, press.person, held.id, press.origin)

    async def _too_late(self, query: CallbackQuery, press: _Press, form: Form) -> None:
        """Change nothing: the question was answered, or the form has ended. The card shows what holds now."""
        await acknowledge(query, say("form_over") if form.is_closed else say("form_answered"))
        if query.message is not None and query.message.message_id == form.card:
            await redraw(query, await self._view(press.update, press.person, form))
        else:
            await _strip(query)

    async def _apply(self, update: Update, person: Person, answered: Answered) -> None:
        for purpose, granted in answered.consents.items():
            await self._consented.decide(person, purpose, granted=granted)
        if answered.change:
            await self._state(person, answered.change, Origin("form", f"update:{update.update_id}"))

    async def _state(self, person: Person, change: Change, origin: Origin) -> None:
        await self._store.preferences.apply(
            person.id, add=values(change), source=origin.source, source_id=origin.source_id
        )

    async def _ask(
        self, update: Update, person: Person, form: Form, *, note: str = "", brief: bool = False
    ) -> None:
        await self._send(update, person, form, await self._view(update, person, form, note=note, brief=brief))

    async def _view(
        self, update: Update, person: Person, form: Form, *, note: str = "", brief: bool = False
    ) -> View:
        known = await known_of(self._store, person)
        decisions = await self._store.consents.decisions(person.id)
        return FormCard(sender(update).id, form, known, decisions).view(note=note, brief=brief)

    async def _send(self, update: Update, person: Person, form: Form, view: View) -> None:
        """Send a card, which is the one from here on; the buttons of the one before go."""
        message = update.effective_message
        if message is None:
            return
        part = parts(view.text)[0]
        sent: Message = await persistently(
            partial(message.reply_text, part.text, entities=part.entities, reply_markup=view.keyboard)
        )
        await self._save(person, form.shown(sent.message_id, update.update_id))
        await self._show_in_place(update, form, None)

    async def _show_in_place(self, update: Update, form: Form, view: View | None) -> None:
        """Put a view where the form's card stands, or take the card's buttons away. Without it, nothing is done."""
        if form.card is None or update.effective_chat is None:
            return
        bot, chat_id = update.get_bot(), update.effective_chat.id
        if view is None:
            change = partial(bot.edit_message_reply_markup, chat_id, form.card)
        else:
            part = parts(view.text)[0]
            change = partial(bot.edit_message_text, part.text, chat_id, form.card, entities=part.entities)
        await _harmlessly(change)

    async def _current(self, person: Person) -> Form | None:
        """Return a person's form; what `/privacy` decided meanwhile is answered."""
        form = await self._load(person)
        if form is None or form.open_step is None or form.open_step.purpose is None:
            return form
        decided = await self._store.consents.decisions(person.id)
        return form.marked({Step(purpose): Mark.SAID for purpose in decided})

    async def _load(self, person: Person) -> Form | None:
        state = await self._store.forms.load(person.id, NAME)
        return None if state is None else Form.from_dict(state)

    async def _save(self, person: Person, form: Form) -> None:
        await self._store.forms.save(person.id, NAME, form.as_dict())


def _change(step: Step, word: str) -> Change:
    """Return what a button states. Raises `ValueError` for a word that no button of ours carries."""
    if step is Step.DIETS:
        return Change(diets=frozenset({Diet(word)}))
    if step is Step.ALLERGIES:
        return Change(allergies=frozenset({str(Allergen(word))}))
    if step is Step.DISLIKES:
        if lexicon().resolve(word.replace("_", " ")) != word:
            raise ValueError(word)
        return Change(dislikes=(word,))
    target, _, amount = word.partition("=")
    if target not in AIMS or not 0 < float(amount) < MOST_TARGET:
        raise ValueError(word)
    return Change(targets={target: float(amount)})


def _noted(answered: Answered, known: Known) -> str:
    """Return what to say of a message that was taken, as Markdown: what was noted, and what nobody knows."""
    said = [say("form_noted", changes=described(answered.change))] if answered.change else []
    for unknown in answered.unknown:
        names = ", ".join(food_name(item) for item in unknown.close)
        key = "form_unknown_close" if names else "form_unknown"
        said.append(say(key, word=unknown.word[:40], **({"names": names} if names else {})))
    lines = [escaped(line) for line in said]
    held = [known.of(step.kind) for step in answered.kept if step.kind is not None]
    lines += [say("form_keeps", names=names_in(things, known.units)) for things in held]
    if answered.warning is not None:
        lines.append(answered.warning.answer)
    return "\n\n".join(lines)


async def _strip(query: CallbackQuery) -> None:
    """Take the buttons from an old card; its words stay."""
    await _harmlessly(partial(query.edit_message_reply_markup, None))


async def _harmlessly(change: Callable[[], Awaitable[object]]) -> None:
    """Change a message that may be gone, or look like that already."""
    try:
        await persistently(change)
    except BadRequest as error:
        said = error.message.lower()
        if not any(harmless in said for harmless in ("not modified", "not found", "can't be edited")):
            raise
