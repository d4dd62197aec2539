"""Addresses of the applications, under /aplicaciones/."""

from django.urls import path

from journeys.applications.certificate import CertificateOfCuil
from journeys.applications.corrections import AskedCorrection, AskForCorrection
from journeys.applications.gate import Open
from journeys.applications.my_data import AllMyData, Download, MyData

urlpatterns = [
    path("mis-datos/", MyData.as_view(), name="mis-datos"),
    path("mis-datos/completos/", AllMyData.as_view(), name="mis-datos-completos"),
    path("mis-datos/mis-datos.pdf", Download.as_view(), {"kind": "pdf"}, name="mis-datos-pdf"),
    path("mis-datos/mis-datos.json", Download.as_view(), {"kind": "json"}, name="mis-datos-json"),
    path("mis-datos/corregir/", AskForCorrection.as_view(), name="mis-datos-corregir"),
    path("mis-datos/corregir/<int:number>/", AskedCorrection.as_view(), name="mis-datos-pedido"),
    path("constancia-de-cuil/", CertificateOfCuil.as_view(), name="constancia-de-cuil"),
    path("<slug:slug>/", Open.as_view(), name="aplicacion"),
]
