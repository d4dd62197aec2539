"""What lower layers tell without knowing who listens: counts for whoever watches, about nobody."""

from django.dispatch import Signal

# limit: its name. A try that was refused.
refused = Signal()
# right: bool. A CUIL and a key were compared, to log in or to prove once more who it is.
compared = Signal()
# place: its name. Somebody found none free, and was asked to come again.
full = Signal()
# kinds: kind → how many events of it, once their transaction is final.
happened = Signal()
