"""The errors Platewise raises on purpose: each message says what, where, and what to do."""


class PlatewiseError(Exception):
    """Base of all expected failures; the message is one line meant for a person to read."""


class BadInputError(PlatewiseError):
    """What was given can't be used. Nothing was changed. Ends a command with exit code 2."""


class UnavailableError(PlatewiseError):
    """A part that we depend on (model server, database, network, disk) doesn't answer."""
