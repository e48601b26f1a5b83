"""The fake Bot API server, and what a test does with it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.serving import JSON, LoopbackServer, hang_up
from tests.fakes.telegram import about, control, sending
from tests.fakes.telegram.chats import DEFAULT_TIMEOUT, Chat
from tests.fakes.telegram.delivery import Delivery
from tests.fakes.telegram.faults import ANY_METHOD, Fault, Faults
from tests.fakes.telegram.limits import FloodLimits
from tests.fakes.telegram.protocol import ApiError, Params, bad_request, read_params
from tests.fakes.telegram.world import StoredFile, User, World

TOKEN = "7000000001:AAFakeTokenForTheFakeServerOnly_00"
_METHODS = about.METHODS | sending.METHODS


@dataclass(slots=True)
class Call:
    """One API call. `status` is None until it is answered; 0 when the answer was thrown away on purpose.

    `at` is in seconds of `time.monotonic`, when the call arrived.
    """

    method: str
    params: JSON
    at: float = field(default_factory=time.monotonic)
    status: int | None = None
    description: str = ""

    @property
    def chat_id(self) -> Any:
        """The chat that it was about, if any."""
        return self.params.get("chat_id")


class FakeTelegram(LoopbackServer):
    """Telegram, as a bot sees it through the Bot API, and as the people it talks with see it.

    Clients use `f"{url}/bot"` and `f"{url}/file/bot"` as their base addresses. Set `limits` to have floods refused.
    `webhook_retry` is the wait in seconds before an update is posted again.
    """

    def __init__(self, *, token: str = TOKEN, port: int = 0, webhook_retry: float = 0.05) -> None:
        super().__init__(port=port)
        self.token = token
        self.bot = User(int(token.partition(":")[0]), "Platewise", username="platewise_test_bot", is_bot=True)
        self.calls: list[Call] = []
        self.limits: FloodLimits | None = None
        self._world = World(self.bot)
        self._faults = Faults()
        self._delivery = Delivery(self._world.updates, retry_after=webhook_retry)
        self._names = {name.lower(): name for name in [*_METHODS, *self._delivery.methods]}

    async def start(self) -> None:
        """Listen, and go on with the deliveries of a webhook."""
        await super().start()
        await self._delivery.start()

    async def stop(self) -> None:
        """Hang up on everybody; chats, updates and calls are kept."""
        await self._delivery.stop()
        await super().stop()

    def routes(self) -> list[web.RouteDef]:
        """The Bot API, the files, and the control API."""
        return [
            web.get("/file/bot{token}/{path:.+}", self._download),
            *control.routes(self),
            web.route("*", "/bot{token}/{method}", self._answer),
        ]

    # People and chats

    def user(
        self,
        id: int | None = None,  # noqa: A002 - as Telegram calls it
        first_name: str = "Ada",
        *,
        language_code: str | None = "en",
        username: str | None = None,
    ) -> User:
        """A person; with an id that is known, the person who has it."""
        user_id = id if id is not None else 1000 + len(self._world.users)
        if user_id not in self._world.users:
            self._world.users[user_id] = User(
                user_id, first_name, username=username, language_code=language_code
            )
        return self._world.users[user_id]

    def private_chat(self, user: User | None = None) -> Chat:
        """The chat of the bot with one person, which the bot may write to."""
        user = user or self.user()
        if user.id not in self._world.chats:
            self._world.chats[user.id] = Chat(self._world, user.id, members=[user], username=user.username)
        return self._world.chats[user.id]

    def group_chat(
        self,
        title: str,
        members: list[User],
        id: int | None = None,  # noqa: A002 - as Telegram calls it
    ) -> Chat:
        """A group that the bot is in; the first member writes where no other is named."""
        chat_id = id if id is not None else -1_001_000_000_000 - len(self._world.chats)
        self._world.chats[chat_id] = Chat(self._world, chat_id, members=members, title=title)
        return self._world.chats[chat_id]

    @property
    def chats(self) -> dict[int, Chat]:
        """All chats by their ids."""
        return self._world.chats

    # Updates, files, and what the bot has said about itself

    @property
    def updates(self) -> dict[int, JSON]:
        """Every update that was made, by its id."""
        return self._world.updates.made

    @property
    def unconfirmed(self) -> list[int]:
        """The ids of the updates that the bot hasn't confirmed."""
        return list(self._world.updates.pending)

    @property
    def files(self) -> dict[str, StoredFile]:
        """Every file that was sent, by its file_id."""
        return self._world.files

    @property
    def commands(self) -> dict[tuple[str, str], list[JSON]]:
        """The command menus, by scope and language."""
        return self._world.profile.commands

    async def redeliver(self, update_id: int) -> None:
        """Send an update a second time, though the bot may have confirmed it."""
        self._world.updates.add_again(update_id)
        await self._world.announce()

    def expire_queries(self) -> None:
        """Make all button presses too old to be answered."""
        for query in self._world.queries.values():
            query.old = True

    # Faults

    def fail_next(
        self,
        method: str = ANY_METHOD,
        status: int = 500,
        description: str = "Internal Server Error",
        *,
        retry_after: int | None = None,
        times: int = 1,
        after_effect: bool = False,
    ) -> None:
        """Refuse the next calls of a method, or of any (getUpdates too); with `after_effect`, do them and hang up."""
        error = ApiError(status, description, retry_after=retry_after)
        self._faults.planned.append(Fault(method, error, times, after_effect))

    def heal(self) -> None:
        """Drop all refusals that are still to come."""
        self._faults.planned.clear()

    def delay(self, method: str, seconds: float) -> None:
        """Handle calls of this method so much later, from now on."""
        self._faults.delays[method] = seconds

    def black_hole(self, method: str = ANY_METHOD, *, on: bool = True) -> None:
        """Accept calls and never answer them, until switched off."""
        (self._faults.unanswered.add if on else self._faults.unanswered.discard)(method)

    # What has happened

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method == method]

    async def wait_until(
        self,
        predicate: Callable[["FakeTelegram"], object],
        timeout: float = DEFAULT_TIMEOUT,  # noqa: ASYNC109 - reads best in a test
    ) -> None:
        """Wait until `predicate` is true of this server; it is asked again after every call and answer.

        Raises `TimeoutError` that names the last calls.
        """
        await self._world.wait_until(
            lambda: predicate(self),
            timeout,
            lambda: (
                f"last calls: {[(call.method, call.status, call.description) for call in self.calls[-8:]]}"
            ),
        )

    # The protocol

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"], {})
        try:
            self._check_token(request.match_info["token"])
            call.method = self._known_method(call.method)
            params = await read_params(request)
            call.params = params.values
            self.calls.append(call)
            await self._world.announce()
            result = await self._perform(call, params)
        except ConnectionResetError:  # on purpose: a fault, or the server stops
            call.status = 0
            return hang_up(request)
        except ApiError as error:
            call.status, call.description = error.status, error.description
            return web.json_response(error.as_json(), status=error.status)
        finally:
            await self._world.announce()
        return web.json_response({"ok": True, "result": result})

    async def _perform(self, call: Call, params: Params) -> object:
        await self.pause(self._faults.wait(call.method))
        fault = self._faults.take(call.method)
        if fault and not fault.after_effect:
            raise fault.error
        if call.method in _METHODS:
            result = self._within_limits(call, params)
        else:
            result = await self._delivery.methods[call.method](params)
        if fault:
            raise ConnectionResetError("the answer is lost on purpose")
        call.status = 200
        return result

    def _check_token(self, token: str) -> None:
        if ":" not in token:
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")

    def _known_method(self, name: str) -> str:
        if name.lower() not in self._names:
            raise ApiError(404, "Not Found: method not found")
        return self._names[name.lower()]

    def _within_limits(self, call: Call, params: Params) -> object:
        method, chat = _METHODS[call.method], self._world.chats.get(call.chat_id)
        if self.limits is None or chat is None:
            return method(self._world, params)
        self.limits.check(call.method, chat.id, group=chat.is_group)
        result = method(self._world, params)
        self.limits.count(call.method, chat.id, group=chat.is_group)
        return result

    async def _download(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        for file in self._world.files.values():
            if file.path == path and request.match_info["token"] == self.token:
                return web.Response(body=file.upload.content, content_type=file.upload.mime_type)
        error = (
            bad_request("file not found")
            if request.match_info["token"] == self.token
            else ApiError(401, "Unauthorized")
        )
        return web.json_response(error.as_json(), status=error.status)
