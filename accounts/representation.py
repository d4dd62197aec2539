"""For whom somebody who is logged in acts: for themselves, or for a person in their care (manual, A 6).

The session keeps the number of the curatela; that it is theirs and in force is asked of the database on
every request.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accounts.events import Actor, Trail
from guards.address import client_address


@dataclass(frozen=True)
class Acting:
    """`holder`: the CUIL whose key is in use. `subject`: the CUIL whose matters are seen to."""

    holder: str
    subject: str

    @property
    def is_for_another(self) -> bool:
        return self.holder != self.subject


def acting_for(holder: str) -> Acting:
    """For oneself, unless a person in one's care was chosen."""
    return Acting(holder, holder)


def trail_of(request: HttpRequest, acting: Acting, **evidence: Any) -> Trail:
    """Who does something behind log-in."""
    return Trail(Actor.OWNER, client_address(request), evidence=evidence)
