"""Answers beside each other: what differs by nature is left out, so that nothing else may."""

from django.http import HttpResponse


def headers_of(answer: HttpResponse, *without: str) -> str:
    """All headers but the code that each answer has of its own, and those named."""
    kept = {name: value for name, value in answer.headers.items() if name not in {"X-Request-Id", *without}}
    return str(sorted(kept.items()))
