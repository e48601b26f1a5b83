"""Which reply markup Telegram takes from a bot (https://core.telegram.org/bots/api#inlinekeyboardmarkup)."""

from typing import Any
from urllib.parse import urlsplit

from tests.fakes.serving import JSON
from tests.fakes.telegram.protocol import bad_request

MOST_BUTTONS = 100
LONGEST_DATA = 64  # bytes of UTF-8
_BROKEN = "can't parse inline keyboard button: "
_ACTIONS = frozenset(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay".split()
)
_OTHER_KINDS = {"keyboard": list, "remove_keyboard": bool, "force_reply": bool}
_JSON_NAMES = {list: "Array", bool: "Boolean"}


def check_markup(markup: JSON | None, *, edit: bool = False) -> JSON | None:
    """Return the markup that a message keeps. Raises `ApiError` for what Telegram doesn't take.

    An edit takes inline keyboards only, and one without rows, which removes the keyboard.
    """
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        rows = _check_rows(markup["inline_keyboard"], may_be_empty=edit)
        return {"inline_keyboard": rows} if rows else None
    if edit and not markup:  # how python-telegram-bot sends a keyboard without rows
        return None
    if edit:
        raise bad_request("inline keyboard expected")
    for name, kind in _OTHER_KINDS.items():
        if name in markup and not isinstance(markup[name], kind):
            raise bad_request(f'field "{name}" must be of type {_JSON_NAMES[kind]}')
        if markup.get(name):
            return markup
    raise bad_request("object expected as reply markup")


def buttons(markup: JSON | None) -> list[JSON]:
    """The buttons of an inline keyboard, row after row."""
    return [button for row in (markup or {}).get("inline_keyboard", ()) for button in row]


def _check_rows(rows: Any, *, may_be_empty: bool) -> list[list[JSON]]:
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" must be of type Array')
    if not rows and not may_be_empty:
        raise bad_request("inline keyboard is empty")
    count = 0
    for row in rows:
        if not isinstance(row, list):
            raise bad_request('field "inline_keyboard" must be an Array of Arrays')
        if not row:
            raise bad_request("inline keyboard has an empty row")
        for button in row:
            _check_button(button)
        count += len(row)
    if count > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return rows


def _check_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad_request(_BROKEN + "expected an Object")
    if "text" not in button:
        raise bad_request(_BROKEN + 'Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise bad_request(_BROKEN + 'Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = [name for name in button if name in _ACTIONS]
    if not actions or button.get("callback_data") == "":
        raise bad_request(_BROKEN + "Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(_BROKEN + f"only one of {' and '.join(actions)} is allowed")
    if "callback_data" in button:
        _check_data(button["callback_data"])
    if "url" in button:
        _check_url(button["url"])


def _check_data(data: Any) -> None:
    if not isinstance(data, str):
        raise bad_request(_BROKEN + 'Field "callback_data" must be of type String')
    if len(data.encode()) > LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(url: Any) -> None:
    parts = urlsplit(str(url))
    if parts.scheme and parts.scheme not in {"http", "https", "tg"}:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if "." not in parts.netloc + parts.path and parts.scheme != "tg":
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
