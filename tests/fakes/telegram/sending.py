"""The methods that put something into a chat, change it, or take it away."""

import time
from collections.abc import Callable

from tests.fakes.serving import JSON
from tests.fakes.telegram import entities as rules
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.keyboards import check_markup
from tests.fakes.telegram.messages import Action, Draft, Message
from tests.fakes.telegram.protocol import ApiError, Params, Upload, bad_request
from tests.fakes.telegram.world import StoredFile, World

LONGEST_TEXT = 4096  # UTF-16 code units here, the stricter of the two ways to count
LONGEST_CAPTION = 1024
LONGEST_CALLBACK_ANSWER = 200
_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def send_message(world: World, params: Params) -> JSON:
    """A text message."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    chat = _open_chat(world, params)
    text, entities = _read_text(params, "text", "entities")
    if not text:
        raise bad_request("text must be non-empty")
    return _send(world, chat, params, text=text, entities=entities)


def send_document(world: World, params: Params) -> JSON:
    """A file of any kind."""
    chat = _open_chat(world, params)
    file = _read_file(world, params, "document", "documents")
    document = {**file.as_json(), "file_name": file.upload.name, "mime_type": file.upload.mime_type}
    return _send_with_caption(world, chat, params, {"document": document})


def send_photo(world: World, params: Params) -> JSON:
    """A picture."""
    chat = _open_chat(world, params)
    file = _read_file(world, params, "photo", "photos")
    return _send_with_caption(
        world, chat, params, {"photo": [{**file.as_json(), "width": 800, "height": 800}]}
    )


def send_message_draft(world: World, params: Params) -> bool:
    """A text that shows while the bot writes; an empty one shows that it thinks."""
    chat = _open_chat(world, params)
    if chat.is_group:
        raise bad_request("drafts can be sent only to private chats")
    if not params.integer("draft_id"):
        raise bad_request("draft_id must be non-zero")
    text, _ = _read_text(params, "text", "entities")
    chat.drafts.append(Draft(params.integer("draft_id"), text, time.monotonic()))
    return True


def edit_message_text(world: World, params: Params) -> JSON:
    """A new text; without reply_markup the keyboard goes."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    chat = _open_chat(world, params)
    message = _own_message(world, chat, params)
    if message.media:
        raise bad_request("there is no text in the message to edit")
    text, entities = _read_text(params, "text", "entities")
    if not text:
        raise bad_request("text must be non-empty")
    return _change(message, text, entities, check_markup(params.mapping("reply_markup"), edit=True))


def edit_message_reply_markup(world: World, params: Params) -> JSON:
    """Another keyboard, or none."""
    chat = _open_chat(world, params)
    message = _own_message(world, chat, params)
    markup = check_markup(params.mapping("reply_markup"), edit=True)
    return _change(message, message.text, message.entities, markup)


def delete_message(world: World, params: Params) -> bool:
    """Take a message away."""
    chat = _open_chat(world, params)
    message = chat.history.get(params.integer("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to delete not found")
    message.deleted = True
    return True


def send_chat_action(world: World, params: Params) -> bool:
    """Typing, and the like."""
    chat = _open_chat(world, params)
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append(Action(params.text("action"), time.monotonic()))
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    """The bot's reaction to a message; none takes it back."""
    chat = _open_chat(world, params)
    message = chat.history.get(params.integer("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to react not found")
    reactions = params.items("reaction")
    if any(
        not isinstance(one, dict) or one.get("type") not in {"emoji", "custom_emoji"} for one in reactions
    ):
        raise bad_request("REACTION_INVALID")
    message.reactions = reactions
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """End the waiting sign on a pressed button, once."""
    query = world.queries.get(params.text("callback_query_id"))
    if query is None or query.answered or query.old:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.text("text")) > LONGEST_CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query.chat.answered(query, {"text": params.text("text"), "show_alert": params.flag("show_alert")})
    return True


METHODS: dict[str, Callable[[World, Params], object]] = {
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "sendMessageDraft": send_message_draft,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "sendChatAction": send_chat_action,
    "setMessageReaction": set_message_reaction,
    "answerCallbackQuery": answer_callback_query,
}


def _open_chat(world: World, params: Params) -> Chat:
    chat = world.chat(params.values.get("chat_id"))
    if chat.blocked:
        raise ApiError(
            403, "Forbidden: bot was kicked" if chat.is_group else "Forbidden: bot was blocked by the user"
        )
    return chat


def _own_message(world: World, chat: Chat, params: Params) -> Message:
    message = chat.history.get(params.integer("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    if message.sender != world.bot:
        raise bad_request("message can't be edited")
    return message


def _read_text(params: Params, text_name: str, entities_name: str) -> tuple[str, list[JSON]]:
    """A checked text and its entities, both as Telegram keeps them."""
    if params.values.get("parse_mode"):
        raise ApiError(501, "Not Implemented: this fake takes entities; it doesn't read parse_mode")
    text, entities = params.text(text_name), params.items(entities_name)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise bad_request(f"{text_name} must be encoded in UTF-8")
    rules.check(text, entities)
    text, entities = rules.trim(text, entities)
    if text_name == "text" and rules.utf16_length(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    if text_name == "caption" and rules.utf16_length(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return text, entities


def _read_file(world: World, params: Params, name: str, folder: str) -> StoredFile:
    """A file from the request itself, from an attached part, or one that was sent before."""
    value = params.text(name)
    part = value.removeprefix("attach://") if value.startswith("attach://") else name
    if upload := params.files.get(part):
        if not upload.content:
            raise bad_request("file must be non-empty")
        return world.store(Upload(upload.name, upload.content, upload.mime_type), folder)
    if value in world.files:
        return world.files[value]
    if not value:
        raise bad_request(f"there is no {name} in the request")
    raise bad_request("wrong remote file identifier specified: Wrong character in the string")


def _send_with_caption(world: World, chat: Chat, params: Params, media: JSON) -> JSON:
    text, entities = _read_text(params, "caption", "caption_entities")
    return _send(world, chat, params, text=text, entities=entities, media=media)


def _send(
    world: World, chat: Chat, params: Params, *, text: str, entities: list[JSON], media: JSON | None = None
) -> JSON:
    markup = check_markup(params.mapping("reply_markup"))
    message = Message(
        id=0,
        chat=chat.as_json(),
        sender=world.bot,
        text=text,
        entities=entities,
        reply_markup=markup,
        media=media or {},
        reply_to=_replied(chat, params.mapping("reply_parameters")),
        thread_id=params.integer("message_thread_id") or None,
    )
    message.id = next(world.message_ids)
    chat.history[message.id] = message
    return message.as_json()


def _replied(chat: Chat, reply: JSON | None) -> Message | None:
    if reply is None:
        return None
    if "message_id" not in reply:
        raise bad_request('can\'t find field "message_id"')
    message = chat.history.get(reply["message_id"])
    if message is not None and not message.deleted:
        return message
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _change(message: Message, text: str, entities: list[JSON], markup: JSON | None) -> JSON:
    if (text, entities, markup) == (message.text, message.entities, message.reply_markup):
        raise bad_request(_NOT_MODIFIED)
    message.change(text, entities, markup)
    return message.as_json()
