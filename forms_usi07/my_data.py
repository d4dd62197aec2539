"""«Mis datos» on paper: a dossier, for whoever it is about."""

from dataclasses import replace

from accounts.dossier import Dossier
from forms_usi07.paper import print_document

# In a block. Nobody has as many, and a file made to have more must not keep the press busy.
MOST_LINES = 300


def render_my_data(dossier: Dossier) -> bytes:
    """The PDF, of as many pages as it takes; of what is very long, the beginning.

    Raises:
        PressBusy: too many are waiting already.
    """
    blocks = tuple(
        replace(block, data=block.data[:MOST_LINES], note=f"Son {len(block.data)}: acá están {MOST_LINES}.")
        if len(block.data) > MOST_LINES
        else block
        for block in dossier.blocks
    )
    return print_document("forms_usi07/my_data.html", "Mis datos", replace(dossier, blocks=blocks))
