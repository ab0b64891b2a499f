"""Everything that the staff console is served from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.settings import Settings
from rag.assistant import Assistant
from ui.answer_log.log import AnswerLog
from ui.staff.accounts import Accounts
from ui.staff.keys import signing_key
from ui.staff.open_id import OpenIdConnect
from ui.staff.pages import StaffPages
from ui.staff.sessions import Sessions
from ui.staff.signing_off import SignedOff


@dataclass(frozen=True)
class Console:
    """The opened assistant and its answer log with what the console needs beside them.

    Attributes:
        signed_off: the approved answers, as the public's pages serve them.
        single_sign_on: the OpenID Connect provider, where the settings name one.
    """

    assistant: Assistant
    log: AnswerLog
    accounts: Accounts
    sessions: Sessions
    pages: StaffPages
    signed_off: SignedOff
    single_sign_on: OpenIdConnect | None

    @classmethod
    def over(cls, assistant: Assistant, log: AnswerLog, signed_off: SignedOff) -> Console:
        """The console over an opened assistant, its answer log and what was approved of it.

        Raises:
            StoreError: the signing key can't be read or made.
            SettingsError: the OpenID Connect settings don't fit together.
        """
        settings = log.settings
        key = signing_key(log.database.path.parent)
        return cls(
            assistant,
            log,
            Accounts(log.database),
            Sessions(log.database, key),
            StaffPages(assistant.store),
            signed_off,
            OpenIdConnect.of(settings, key),
        )

    @property
    def settings(self) -> Settings:
        """What is in force."""
        return self.log.settings

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.log.database.path.parent
