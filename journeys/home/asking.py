"""The key once more: for pages that somebody who finds an open session must not get past."""

from django.forms import Form
from django.http import HttpRequest

from accounts.models import Clave, User
from accounts.session import KeySuspended, holder_of
from guards.limits import LimitReached
from journeys.forms import too_many_tries
from journeys.home.forms import WRONG_KEY
from journeys.refusals import RedirectsRefusals


class AsksForKey(RedirectsRefusals):
    """For a FormView behind log-in whose form has a field `current`."""

    request: HttpRequest
    clave: Clave

    def given(self, form: Form) -> User | None:
        """The holder, if the key was right; otherwise the form says what is wrong. Counted as a log-in."""
        try:
            user = holder_of(self.request, self.clave.cuil, form.cleaned_data["current"])
        except LimitReached as reached:
            form.add_error(None, too_many_tries(reached))
            return None
        except KeySuspended:  # a moment ago: the next page says so
            user = None
        if user is None:
            form.add_error("current", WRONG_KEY)
        return user
