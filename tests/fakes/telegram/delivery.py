"""The methods by which a bot receives updates: getUpdates and the webhook."""

import re
from collections.abc import Awaitable, Callable

from tests.fakes.serving import JSON
from tests.fakes.telegram.protocol import Params, bad_request
from tests.fakes.telegram.updates import UpdateQueue, conflict
from tests.fakes.telegram.webhook import MOST_CONNECTIONS, Webhook

LARGEST_MAX_CONNECTIONS = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_WEBHOOK_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class Delivery:
    """Gives out updates one way or the other, never both. `retry_after` is the webhook's first wait, in seconds."""

    def __init__(self, updates: UpdateQueue, *, retry_after: float) -> None:
        self._updates = updates
        self._retry_after = retry_after
        self._webhook: Webhook | None = None

    @property
    def methods(self) -> dict[str, Callable[[Params], Awaitable[object]]]:
        """The API methods that are answered here."""
        return {
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
        }

    async def start(self) -> None:
        """Go on where `stop` left off."""
        self._updates.closed = False
        if self._webhook is not None:
            self._webhook.start()

    async def stop(self) -> None:
        """End long polls and deliveries; a webhook stays set."""
        self._updates.closed = True
        if self._webhook is not None:
            await self._webhook.stop()
        async with self._updates.changed:
            self._updates.changed.notify_all()

    async def get_updates(self, params: Params) -> list[JSON]:
        """Long polling."""
        if self._webhook is not None:
            raise conflict(_WEBHOOK_SET)
        if "allowed_updates" in params.values:
            self._updates.allow(params.items("allowed_updates"))
        return await self._updates.poll(
            params.integer("offset"), params.integer("limit", 100), params.integer("timeout")
        )

    async def set_webhook(self, params: Params) -> bool:
        """Deliver to an address from now on; http is allowed, as a local Bot API server allows it."""
        url = params.text("url")
        if not url:
            return await self.delete_webhook(params)
        if not re.match(r"https?://[^/]", url):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        secret = params.text("secret_token")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        await self._drop_webhook(params)
        await self._updates.end_poll("terminated by setWebhook request")
        if "allowed_updates" in params.values:
            self._updates.allow(params.items("allowed_updates"))
        connections = min(params.integer("max_connections", MOST_CONNECTIONS), LARGEST_MAX_CONNECTIONS)
        self._webhook = Webhook(self._updates, url, secret, max(1, connections), self._retry_after)
        self._webhook.start()
        return True

    async def delete_webhook(self, params: Params) -> bool:
        """Go back to getUpdates."""
        await self._drop_webhook(params)
        return True

    async def get_webhook_info(self, _params: Params) -> JSON:
        """Whether a webhook is set, and how it does."""
        body: JSON = {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending),
        }
        if self._updates.allowed:
            body["allowed_updates"] = sorted(self._updates.allowed)
        return body | (self._webhook.as_json() if self._webhook else {})

    async def _drop_webhook(self, params: Params) -> None:
        if self._webhook is not None:
            await self._webhook.stop()
            self._webhook = None
        if params.flag("drop_pending_updates"):
            self._updates.pending.clear()
