"""Error reports without identity."""

from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter


class NoIdentityInReports(SafeExceptionReporterFilter):
    """Django hides what looks like a password; here everything a visitor sent is theirs."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request else {}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        return dict.fromkeys(request.COOKIES, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> Any:
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]


class NobodysReport(ExceptionReporter):
    """Who was logged in is a CUIL: left out."""

    def get_traceback_data(self) -> dict[str, Any]:
        return {**super().get_traceback_data(), "user_str": self.filter.cleansed_substitute}
