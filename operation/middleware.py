"""Around everything else: the code of the request, and how long it took."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from operation import metrics
from operation.request_id import code_of, current

HEADER = "X-Request-Id"


class Watched:
    """The first of all: nothing happens without a code, nothing is answered without being counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = code_of(request)
        token, began = current.set(code), time.perf_counter()
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
        response.headers[HEADER] = code
        metrics.count_request(request, response.status_code, time.perf_counter() - began)
        return response
