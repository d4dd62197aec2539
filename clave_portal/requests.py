"""How a request is read, before any page or middleware sees it."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Utf8Request(WSGIRequest):
    """Read as UTF-8, whatever it says it is.

    Django would decode with any codec of Python that the sender names: some decode no text, and then even
    the page that says so cannot be made. `journeys.middleware` refuses what names another.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Utf8Handler(WSGIHandler):
    request_class = Utf8Request
