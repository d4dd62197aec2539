"""What waits in the queue of mails, and what arrived."""

from django.core import mail
from lxml import html
from post_office.models import STATUS, Email

from accounts.delivery import deliver


def waiting(email: str | None = None) -> list[str]:
    """The names of the queued mails, in order; only those to one address, if it is given."""
    rows = Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued]).order_by("pk")
    return [row.context["mail"] for row in rows if email in (None, row.to[0])]


def received(email: str) -> list[mail.EmailMultiAlternatives]:
    """Deliver what waits; the mails that arrived at the address."""
    deliver()
    return [message for message in mail.outbox if message.to == [email]]


def html_part(message: mail.EmailMultiAlternatives) -> html.HtmlElement:
    return html.document_fromstring(str(message.alternatives[0][0]))


def links(message: mail.EmailMultiAlternatives) -> dict[str, str]:
    """Text to address."""
    return {a.text_content().strip(): a.get("href") for a in html_part(message).xpath("//a[@href]")}
