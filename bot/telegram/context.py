"""The type of context that handlers get: nothing of ours is kept in it."""

from typing import Any

from telegram.ext import CallbackContext, ExtBot

Context = CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[Any, Any]]
