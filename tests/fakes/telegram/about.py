"""The methods that ask about the bot, chats and files, or describe the bot."""

import re
from collections.abc import Callable

from tests.fakes.serving import JSON
from tests.fakes.telegram.protocol import Params, bad_request
from tests.fakes.telegram.world import World

MOST_COMMANDS = 100
LONGEST_COMMAND_DESCRIPTION = 256
LONGEST_DESCRIPTION = 512
LONGEST_SHORT_DESCRIPTION = 120
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def get_me(world: World, params: Params) -> JSON:
    """The bot itself."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
    }
    return world.bot.as_json() | abilities


def set_my_commands(world: World, params: Params) -> bool:
    """The menu of commands, for one scope and language."""
    commands = params.items("commands")
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.profile.commands[_scope(params)] = [_check_command(command) for command in commands]
    return True


def get_my_commands(world: World, params: Params) -> list[JSON]:
    """The menu of exactly this scope and language."""
    return world.profile.commands.get(_scope(params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """No menu for this scope and language."""
    world.profile.commands.pop(_scope(params), None)
    return True


def set_my_description(world: World, params: Params) -> bool:
    """What an empty chat with the bot says."""
    text = _limited(params, "description", LONGEST_DESCRIPTION)
    world.profile.descriptions[params.text("language_code")] = text
    return True


def set_my_short_description(world: World, params: Params) -> bool:
    """What the bot's profile says."""
    text = _limited(params, "short_description", LONGEST_SHORT_DESCRIPTION)
    world.profile.short_descriptions[params.text("language_code")] = text
    return True


def get_chat(world: World, params: Params) -> JSON:
    """A chat in full."""
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    required = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return world.chat(params.values.get("chat_id")).as_json() | required


def get_chat_member(world: World, params: Params) -> JSON:
    """A person's standing in a chat."""
    chat = world.chat(params.values.get("chat_id"))
    user_id = params.integer("user_id")
    if user_id == world.bot.id:
        return {"status": "member", "user": world.bot.as_json()}
    user = world.users.get(user_id)
    if user is None:
        raise bad_request("user not found")
    return {"status": "member" if user in chat.members else "left", "user": user.as_json()}


def get_file(world: World, params: Params) -> JSON:
    """Where a file can be downloaded."""
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return file.as_json() | {"file_path": file.path}


METHODS: dict[str, Callable[[World, Params], object]] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getFile": get_file,
}


def _scope(params: Params) -> tuple[str, str]:
    scope = params.mapping("scope") or {"type": "default"}
    return " ".join(str(value) for _, value in sorted(scope.items())), params.text("language_code")


def _check_command(command: JSON) -> JSON:
    name, description = str(command.get("command", "")).removeprefix("/"), str(command.get("description", ""))
    if not name:
        raise bad_request("command must be non-empty")
    if not description.strip():
        raise bad_request("command description must be non-empty")
    if len(description) > LONGEST_COMMAND_DESCRIPTION:
        raise bad_request("command description length must not exceed 256")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def _limited(params: Params, name: str, longest: int) -> str:
    text = params.text(name)
    if len(text) > longest:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    return text
