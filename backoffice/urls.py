"""Every page of the office besides the registered models, and the role that each needs."""

from django.urls import URLPattern, path

from backoffice.pages import audit, board, cases, entering, proposals, reports
from backoffice.roles import May
from backoffice.site import office_page


def pages() -> list[URLPattern]:
    """Under the admin's own address, in its namespace."""
    return [
        path("logout/", entering.leave, name="logout"),
        path("segundo-factor/", entering.second_factor, name="segundo-factor"),
        office_page("buscar/", cases.search, "buscar", May.LOOK_UP),
        office_page("caso/<int:number>/", cases.show, "caso", May.LOOK_UP),
        office_page("caso/<int:number>/<slug:slug>/", cases.act, "acto", May.LOOK_UP),
        office_page(
            "propuestas/", proposals.proposals, "propuestas", May.APPROVE, readers=[May.AUDIT],
        ),
        office_page(
            "propuestas/<int:number>/", proposals.proposal, "propuesta", May.APPROVE,
            readers=[May.AUDIT], own_office=True, not_own=True,
        ),
        office_page("auditoria/", audit.read, "auditoria", May.AUDIT),
        office_page("auditoria/csv/", audit.export, "auditoria-csv", May.EXPORT),
        office_page("tablero/", board.show, "tablero", May.BOARD),
        office_page("tablero/csv/", board.export, "tablero-csv", May.BOARD),
        office_page(
            "avisos/", reports.reports_page, "avisos", May.REPORTS, readers=[May.AUDIT],
        ),
        office_page(
            "avisos/<int:number>/", reports.report_page, "aviso", May.REPORTS,
            readers=[May.AUDIT], not_own=True,
        ),
    ]  # fmt: skip
