"""What a page needs that can rely on nothing else: no context, no database."""

from django import template

from operation.request_id import current

register = template.Library()


@register.simple_tag
def request_code() -> str:
    """The code by which the log knows this request; empty outside of one."""
    return current.get()
