"""The paper form and the power of attorney."""


def warm_up() -> None:
    """Load WeasyPrint, fonts and styles now: the first visitor who prints does not wait for them."""
    from forms_usi07.power import render_power

    render_power(None)
