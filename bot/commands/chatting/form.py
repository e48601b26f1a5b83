"""`/start` in the terminal: the form that a new person fills in, in their own words. `bot.assistant.form` leads it."""

from rich.text import Text

from bot.assistant.consented import Consented
from bot.assistant.form import ABOUT_EATING, NAME, Form, Mark, Step, with_known
from bot.assistant.form_answers import Answered, read_answer
from bot.assistant.form_words import word_of
from bot.assistant.known import Known, described, name_of
from bot.assistant.prefs_change import known_of
from bot.assistant.turns import values
from bot.assistant.understand import Change
from bot.assistant.words import food_name
from bot.commands.chatting.desk import Desk
from bot.commands.chatting.preferring import Preferring
from bot.commands.chatting.privacy import Privacy
from bot.commands.chatting.typing import Typed
from bot.messages import say
from retrieval.diet.preferences import Allergen, Diet

LONGEST_ANSWER = 1000
"""Characters. What is longer is no answer to a question of the form alone."""


class FormTalk:
    """The form at one terminal. All that is remembered of it is in the store: it goes on after a restart."""

    def __init__(self, desk: Desk, preferring: Preferring, privacy: Privacy) -> None:
        self._desk = desk
        self._preferring = preferring
        self._privacy = privacy
        self._consented = Consented(desk.store)
        self._asked: Step | None = None
        """The question that was shown here last: only that one is answered."""

    async def start(self, _arguments: str, _typed: Typed) -> None:
        """Introduce the bot to somebody new, and ask the first question that isn't answered yet."""
        desk = self._desk
        before = await self._load()
        if before is None:
            desk.say(say("start"))
        decisions = await desk.store.consents.decisions(desk.person.id)
        form = with_known(before or Form(), await self._known(), decisions.values())
        if before is not None and form.is_closed:
            form = form.again()  # who types /start once more wants to be asked what they skipped
        await self._save(form)
        if form.open_step is None:
            desk.say(say("form_hello_again"))
            await self._summary(form)
        else:
            await self._ask(form, brief=before is not None)

    async def begin(self, typed: Typed) -> None:
        """Start with who has never been asked; with who has left in the middle, go on."""
        if await self._load() is None:
            await self.start("", typed)
        else:
            await self.resume()

    async def take(self, text: str, typed: Typed) -> bool:
        """Take what `text` answers; False when it is to be answered as well, and states what its turn applies."""
        form = await self._current()
        if self._asked is None or form is None or form.is_closed or len(text) > LONGEST_ANSWER:
            return False
        if form.open_step is not self._asked and word_of(text):
            # A 'yes' to what another terminal or `/privacy` has answered since is none to the next question.
            answered = Answered(form, taken=True)
        else:
            answered = read_answer(text, form, await self._desk.store.preferences.load(self._desk.person.id))
        if answered.taken:
            await self._apply(answered, typed)
        await self._save(answered.form)
        if not answered.taken:
            return False
        await self._note(answered)
        if answered.form.open_step is None:
            self._desk.say(say("form_summary"))
            await self._summary(answered.form)
        else:
            await self._ask(answered.form)
        self._preferring.propose(Change(allergies=answered.candidates))
        return True

    async def resume(self) -> None:
        """Put the open question again, after something else was answered; nothing when there is none."""
        form = await self._current()
        if form is not None and form.open_step is not None:
            await self._ask(form, brief=True)

    async def _apply(self, answered: Answered, typed: Typed) -> None:
        for purpose, granted in answered.consents.items():
            await self._privacy.decide(purpose, typed, granted=granted)
        if answered.change:
            person = self._desk.person.id
            await self._desk.store.preferences.apply(person, add=values(answered.change), source="form")

    async def _ask(self, form: Form, *, brief: bool = False) -> None:
        step = form.open_step
        if step is None:
            return
        desk, self._asked = self._desk, step
        desk.say("")
        if step.kind is None:
            desk.say(
                say(f"form_back_{step}") if brief else f"{say(f'consent_ask_{step}')} {say('consent_later')}"
            )
            desk.say(say("chat_form_consent"), style="dim")
            return
        progress = say("form_progress", number=ABOUT_EATING.index(step) + 1, count=len(ABOUT_EATING))
        desk.console.print(Text(_title(step), style="bold").append(f" ({progress})", style="not bold"))
        desk.say(say(f"form_back_{step}") if brief else say(f"chat_ask_{step}"))
        known = await self._known()
        names = [name_of(item, known.units) for item in known.of(step.kind)]
        if names:
            desk.say(say("form_known", names=", ".join(names)))
        if offered := _offered(step):
            desk.say(", ".join(offered), style="dim")
        desk.say(say("chat_form_done" if names else "chat_form_none"), style="dim")

    async def _summary(self, form: Form) -> None:
        desk = self._desk
        self._asked = None
        known = await self._known()
        for step in ABOUT_EATING:
            names = [name_of(item, known.units) for item in known.of(step.kind)] if step.kind else []
            unsaid = say("form_none") if form.marks.get(step) is Mark.NONE else say("form_unsaid")
            desk.say(f"- {say('form_line', title=_title(step), answer=', '.join(names) or unsaid)}")
        decisions = await desk.store.consents.decisions(desk.person.id)
        for step in (Step.SERVICE, Step.IMPROVEMENT):
            decided = decisions.get(step.purpose) if step.purpose is not None else None
            answer = say(f"privacy_unsaid_{step}")
            if decided is not None:
                answer = say("form_yes") if decided.granted else say("form_no")
            desk.say(f"- {say('form_line', title=say(f'form_title_{step}'), answer=answer)}")
        desk.say(say("form_next"))

    async def _note(self, answered: Answered) -> None:
        """Say of a message that was taken what was noted, and what nobody knows."""
        desk = self._desk
        if answered.change:
            desk.say(say("form_noted", changes=described(answered.change)))
        for unknown in answered.unknown:
            names = ", ".join(food_name(item) for item in unknown.close)
            key = "form_unknown_close" if names else "form_unknown"
            desk.say(say(key, word=unknown.word[:40], **({"names": names} if names else {})))
        known = await self._known()
        for step in answered.kept:
            if step.kind is not None:
                names = ", ".join(name_of(item, known.units) for item in known.of(step.kind))
                desk.say(say("form_keeps", names=names))
        if answered.warning is not None:
            desk.say(answered.warning.answer)

    async def _current(self) -> Form | None:
        """Return the form as it stands; what `/privacy` decided meanwhile is answered."""
        form = await self._load()
        if form is None or form.open_step is None or form.open_step.purpose is None:
            return form
        decided = await self._desk.store.consents.decisions(self._desk.person.id)
        return form.marked({Step(purpose): Mark.SAID for purpose in decided})

    async def _known(self) -> Known:
        return await known_of(self._desk.store, self._desk.person)

    async def _load(self) -> Form | None:
        state = await self._desk.store.forms.load(self._desk.person.id, NAME)
        return None if state is None else Form.from_dict(state)

    async def _save(self, form: Form) -> None:
        await self._desk.store.forms.save(self._desk.person.id, NAME, form.as_dict())


def _title(step: Step) -> str:
    return say("card_targets" if step is Step.AIMS else f"card_{step}")


def _offered(step: Step) -> list[str]:
    """Return what many people answer: in the terminal there are no buttons that show it."""
    if step is Step.DIETS:
        return [say(f"diet_{diet}") for diet in Diet]
    return [food_name(allergen) for allergen in Allergen] if step is Step.ALLERGIES else []
