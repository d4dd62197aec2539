"""Sessions in the database, written once an answer: Django's own, without what it does again or ahead."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import get_random_string

_LENGTH = 32  # characters: 165 bits


class SessionStore(db.SessionStore):
    def cycle_key(self) -> None:
        """A session that was never stored has no name that a stranger could have given it: its first is drawn
        when it is written, at the end of the request, and not twice."""
        if self.session_key is None:
            self.modified = True
        else:
            super().cycle_key()

    def _get_new_session_key(self) -> str:
        """Not looked up before: writing it as a new row is what tells that it is (`create` tries again)."""
        return get_random_string(_LENGTH, VALID_KEY_CHARS)
