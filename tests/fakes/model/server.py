"""The fake model server: the part of vLLM's OpenAI-compatible server that Platewise meets."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.fakes.model.completion import CREATED, Completion, PrefixCache, cut, prompt_of, tokenize
from tests.fakes.model.faults import Fault, Plan, Plans
from tests.fakes.serving import JSON, BadBodyError, LoopbackServer, hang_up, read_object

MODEL = "platewise-test-model"
ANSWER = "Cooked lentils have 9.0 g of protein per 100 g [1]."
Answers = list[str] | Callable[[JSON], str]


class FakeModel(LoopbackServer):
    """A model that says what it is told to say.

    `answers` is a list, used up from the front and then replaced by `default`, or a function from the request's
    JSON to the text. `ttft` (time to first token) and `per_token` are seconds. `requests` holds the JSON of every
    chat completion, `tokenized` of every call that counts tokens, which is refused as unknown unless `counts_tokens`;
    `aborted` counts those whose client left early; `active` and `peak` count them at one time.
    Clients use `f"{url}/v1"` as their base address.
    """

    def __init__(
        self,
        *,
        name: str = MODEL,
        port: int = 0,
        max_model_len: int = 2048,
        key: str | None = None,
        answers: Answers | None = None,
    ) -> None:
        super().__init__(port=port, cancel_on_hang_up=True)
        self.name = name
        self.max_model_len = max_model_len
        self.key = key
        self.answers: Answers = answers if answers is not None else []
        self.default = ANSWER
        self.ttft = 0.0
        self.per_token = 0.0
        self.healthy = True
        self.adapters: dict[str, str] = {}
        self.requests: list[JSON] = []
        self.tokenized: list[JSON] = []
        self.counts_tokens = True
        self.aborted = 0
        self.active = 0
        self.peak = 0
        self._plans = Plans()
        self._cache = PrefixCache()
        self._changed = asyncio.Condition()

    def routes(self) -> list[web.RouteDef]:
        """vLLM's addresses."""
        return [
            web.get("/health", self._health),
            web.get("/version", self._version),
            web.post("/tokenize", self._checked(self._tokenize)),
            web.get("/v1/models", self._checked(self._models)),
            web.post("/v1/chat/completions", self._checked(self._chat)),
            web.post("/v1/load_lora_adapter", self._checked(self._load_adapter)),
            web.post("/v1/unload_lora_adapter", self._checked(self._unload_adapter)),
        ]

    def fail_next(self, status: int = 500, *, times: int | None = 1, retry_after: int | None = None) -> None:
        """Refuse the next chat completions with an HTTP status; `times=None` refuses until `heal`."""
        self._plans.add(Plan(Fault.STATUS, times, status=status, retry_after=retry_after))

    def break_next(self, fault: Fault, *, times: int | None = 1, after_tokens: int = 3) -> None:
        """Spoil the next chat completions, in a stream after so many tokens; `times=None` until `heal`."""
        self._plans.add(Plan(fault, times, after_tokens=after_tokens))

    def heal(self) -> None:
        """Drop all faults that are still to come."""
        self._plans.clear()

    async def wait_until(
        self,
        predicate: Callable[["FakeModel"], object],
        timeout: float = 20.0,  # noqa: ASYNC109 - reads best in a test
    ) -> None:
        """Wait until `predicate` is true; it is asked again when a request begins or ends.

        Raises `TimeoutError` that tells the counts.
        """
        try:
            async with asyncio.timeout(timeout), self._changed:
                await self._changed.wait_for(lambda: bool(predicate(self)))
        except TimeoutError:
            counts = f"{len(self.requests)} requests, {self.active} active, {self.aborted} aborted"
            raise TimeoutError(f"not within {timeout:g} s; {counts}") from None

    # Chat completions

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await read_object(request)
        self.requests.append(body)
        await self._count(+1)
        try:
            return await self._answer(request, body)
        except (asyncio.CancelledError, ConnectionError):
            # Raised by the client's leaving, or by our own stop, which isn't the client's doing.
            if not self._closing.is_set():
                self.aborted += 1
            raise
        finally:
            await self._count(-1)

    async def _answer(self, request: web.Request, body: JSON) -> web.StreamResponse:
        plan = self._plans.take()
        fault = plan.fault if plan else None
        if plan and fault is Fault.STATUS:
            return _failure(plan)
        if fault is Fault.SILENCE:
            await self.pause(None)
        completion = self._complete(body, fault)
        if body.get("stream"):
            return await self._stream(request, body, completion, plan)
        await self.pause(self.ttft + self.per_token * len(completion.tokens))
        if fault is Fault.STALL:
            await self.pause(None)
        if fault is Fault.HANG_UP:
            return hang_up(request)
        if fault is Fault.GARBAGE:
            return web.Response(text='{"id": "chatcmpl-', content_type="application/json")
        if fault is Fault.ERROR:
            return _error(500, "InternalServerError", "EngineCore encountered an issue.")
        return web.json_response(completion.whole())

    async def _stream(
        self, request: web.Request, body: JSON, completion: Completion, plan: Plan | None
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        await response.prepare(request)
        await self.pause(self.ttft)
        await _event(response, completion.opening())
        spoiled_at = min(plan.after_tokens, max(len(completion.tokens) - 1, 0)) if plan else -1
        for number, chunk in enumerate(completion.words()):
            if plan and number == spoiled_at and await self._spoil(request, response, plan.fault):
                return response
            await self.pause(self.per_token)
            await _event(response, chunk)
        if (body.get("stream_options") or {}).get("include_usage"):
            await _event(response, completion.closing())
        await response.write(b"data: [DONE]\n\n")
        return response

    async def _spoil(self, request: web.Request, response: web.StreamResponse, fault: Fault) -> bool:
        """Do what goes wrong in the middle of a stream; tells whether the stream is over."""
        if fault is Fault.GARBAGE:
            await response.write(b'data: {"id": "chatcmpl-1", "choices": [{"del\xff\n\n')
        elif fault is Fault.ERROR:
            await _event(
                response, _error_body(500, "InternalServerError", "EngineCore encountered an issue.")
            )
            await response.write(b"data: [DONE]\n\n")
            return True
        elif fault is Fault.HANG_UP:
            hang_up(request)
            return True
        elif fault is Fault.STALL:
            await self.pause(None)
        return False

    def _complete(self, body: JSON, fault: Fault | None) -> Completion:
        """Decide what is said. Raises `web.HTTPException` for a request that vLLM refuses."""
        model, messages = body.get("model") or self.name, body.get("messages")
        if model != self.name and model not in self.adapters:
            raise _refusal(404, "NotFoundError", f"The model `{model}` does not exist.")
        if not isinstance(messages, list) or not messages:
            raise _refusal(400, "BadRequestError", "messages: a list with at least 1 item is required")
        prompt = prompt_of(messages)
        limit = self._limit(body, len(prompt))
        text = "" if fault is Fault.EMPTY else self._next_answer(body)
        stop = body.get("stop") or []
        tokens, reason = cut(
            text, limit=limit, stop=[stop] if isinstance(stop, str) else stop, endless=fault is Fault.ENDLESS
        )
        return Completion(model, tokens, reason, len(prompt), self._cache.lookup(model, prompt))

    def _limit(self, body: JSON, prompt: int) -> int:
        """How many tokens may be generated."""
        asked = body.get("max_completion_tokens") or body.get("max_tokens")
        room = self.max_model_len - prompt
        if room < (asked or 1):
            raise _refusal(
                400,
                "BadRequestError",
                f"This model's maximum context length is {self.max_model_len} tokens. However, you requested "
                f"{prompt + (asked or 0)} tokens ({prompt} in the messages, {asked or 0} in the completion).",
            )
        return int(asked or room)

    def _next_answer(self, body: JSON) -> str:
        if callable(self.answers):
            return self.answers(body)
        return self.answers.pop(0) if self.answers else self.default

    async def _count(self, change: int) -> None:
        self.active += change
        self.peak = max(self.peak, self.active)
        async with self._changed:
            self._changed.notify_all()

    # The other addresses

    async def _health(self, _request: web.Request) -> web.Response:
        return web.Response(status=200 if self.healthy else 503)

    async def _version(self, _request: web.Request) -> web.Response:
        return web.json_response({"version": "0.0.0+fake"})

    async def _models(self, _request: web.Request) -> web.Response:
        cards = [self._card(self.name, root=self.name, parent=None)]
        cards += [self._card(name, root=path, parent=self.name) for name, path in self.adapters.items()]
        return web.json_response({"object": "list", "data": cards})

    def _card(self, name: str, *, root: str, parent: str | None) -> JSON:
        return {
            "id": name,
            "object": "model",
            "created": CREATED,
            "owned_by": "vllm",
            "root": root,
            "parent": parent,
            "max_model_len": None if parent else self.max_model_len,
            "permission": [],
        }

    async def _tokenize(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        if not self.counts_tokens:
            return _error(404, "NotFoundError", "Not Found")
        self.tokenized.append(body)
        tokens = prompt_of(body["messages"]) if "messages" in body else tokenize(str(body.get("prompt", "")))
        ids = [sum(token.encode()) for token in tokens]
        return web.json_response({"count": len(ids), "max_model_len": self.max_model_len, "tokens": ids})

    async def _load_adapter(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        name, path = body.get("lora_name"), body.get("lora_path")
        if not name or not path:
            return _error(400, "InvalidUserInput", "Both 'lora_name' and 'lora_path' must be provided.")
        if name in self.adapters:
            return _error(400, "InvalidUserInput", f"The lora adapter '{name}' has already been loaded.")
        if not await asyncio.to_thread((Path(path) / "adapter_config.json").is_file):
            return _error(404, "NotFoundError", f"No adapter found for {path}")
        self.adapters[name] = path
        return web.Response(text=f"Success: LoRA adapter '{name}' added successfully.")

    async def _unload_adapter(self, request: web.Request) -> web.Response:
        name = (await read_object(request)).get("lora_name")
        if name not in self.adapters:
            return _error(404, "NotFoundError", f"The lora adapter '{name}' cannot be found.")
        del self.adapters[name]
        return web.Response(text=f"Success: LoRA adapter '{name}' removed successfully.")

    def _checked(self, handler: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        """Ask for the key, answer a broken body, and hang up when the server stops."""

        async def checked(request: web.Request) -> web.StreamResponse:
            if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
                return web.json_response({"error": "Unauthorized"}, status=401)
            try:
                response: web.StreamResponse = await handler(request)
            except BadBodyError as error:
                return _error(400, "BadRequestError", str(error))
            except ConnectionError:
                return hang_up(request)
            return response

        return checked


def _error_body(status: int, kind: str, message: str) -> JSON:
    return {"error": {"message": message, "type": kind, "param": None, "code": status}}


def _error(status: int, kind: str, message: str) -> web.Response:
    return web.json_response(_error_body(status, kind, message), status=status)


def _refusal(status: int, kind: str, message: str) -> web.HTTPException:
    refusal = web.HTTPNotFound if status == web.HTTPNotFound.status_code else web.HTTPBadRequest
    return refusal(text=json.dumps(_error_body(status, kind, message)), content_type="application/json")


def _failure(plan: Plan) -> web.Response:
    kinds = {429: "TooManyRequestsError", 503: "ServiceUnavailableError"}
    response = _error(plan.status, kinds.get(plan.status, "InternalServerError"), "failed on purpose")
    if plan.retry_after is not None:
        response.headers["Retry-After"] = str(plan.retry_after)
    return response


async def _event(response: web.StreamResponse, chunk: JSON) -> None:
    await response.write(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode())
