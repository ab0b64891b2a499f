"""The errors that a user is shown: what went wrong, with the value, and what to do about it.

They are split by what can be done. Each edge (command line, web, API) catches `PassageError` once.
"""


class PassageError(Exception):
    """Base of every error meant for a user's eyes.

    Attributes:
        hint: what the user can do about it, one or two sentences; empty when the message says it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}\n{self.hint}" if self.hint else message


class InputError(PassageError):
    """The caller gave something that can't be used: correct it and try again."""


class SettingsError(PassageError):
    """A setting is unknown or has a value that can't be used: correct the configuration."""


class NotFoundError(PassageError):
    """What was asked for by name isn't there."""


class StoreError(PassageError):
    """The data folder can't be read or written as it stands."""


class BusyError(PassageError):
    """Another process owns the data folder: wait for it or end it, then try again."""


class IndexMismatchError(PassageError):
    """The index was built with another model or other passage settings: re-index."""


class ServiceError(PassageError):
    """A service that Passage depends on (a Chroma server) doesn't answer: try again later."""


class ConflictError(PassageError):
    """Somebody else changed it meanwhile: look at it again, then decide."""


class ForbiddenError(PassageError):
    """Whoever asks may not do this: somebody with another role has to."""
