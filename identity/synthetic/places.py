"""Localities with their postal codes, streets, banks and health insurers."""

from dataclasses import dataclass

# Province (ISO 3166-2:AR): share of the population in thousandths; localities with postal code.
_PROVINCES = """
B 385: La Plata 1900, Mar del Plata 7600, Bahía Blanca 8000, Tandil 7000, Olavarría 7400, Azul 7300,
 Junín 6000, Pergamino 2700, San Nicolás de los Arroyos 2900, Zárate 2800, Campana 2804, Luján 6700,
 Mercedes 6600, Chivilcoy 6620, Necochea 7630, Tres Arroyos 7500, Balcarce 7620, Dolores 7100,
 Chascomús 7130, Quilmes 1878, Bernal 1876, Avellaneda 1870, Lanús 1824, Lomas de Zamora 1832,
 Banfield 1828, Temperley 1834, Adrogué 1846, Burzaco 1852, Monte Grande 1842, Ezeiza 1804,
 Morón 1708, Haedo 1706, Ramos Mejía 1704, San Justo 1754, Isidro Casanova 1765,
 González Catán 1759, Castelar 1712, Ituzaingó 1714, Hurlingham 1686, Ciudadela 1702, Caseros 1678,
 Villa Ballester 1653, Merlo 1722, Moreno 1744, San Miguel 1663, José C. Paz 1665, Pilar 1629,
 Belén de Escobar 1625, Tigre 1648, San Fernando 1646, San Isidro 1642, Olivos 1636,
 Florencio Varela 1888, Berazategui 1884, Bolívar 6550, Trenque Lauquen 6400, Pehuajó 6450,
 Nueve de Julio 6500, Lincoln 6070, Bragado 6640, Saladillo 7260, Las Flores 7200,
 Coronel Suárez 7540, Punta Alta 8109, Villa Gesell 7165, Miramar 7607, San Pedro 2930,
 Baradero 2942, Arrecifes 2740, Cañuelas 1814, Carmen de Patagones 8504
C 70: Caballito 1405, Flores 1406, Palermo 1425, Belgrano 1428, Villa Crespo 1414,
 Villa Urquiza 1431, Saavedra 1430, Mataderos 1440, Liniers 1408, Villa Lugano 1439,
 Villa Devoto 1419, Nueva Pompeya 1437, Villa del Parque 1416, Parque Avellaneda 1407
X 85: Córdoba 5000, Río Cuarto 5800, Villa María 5900, San Francisco 2400, Villa Carlos Paz 5152,
 Alta Gracia 5186, Jesús María 5220, Bell Ville 2550, Río Tercero 5850, Cosquín 5166, La Falda 5172,
 Cruz del Eje 5280, Marcos Juárez 2580, Laboulaye 6120, Villa Dolores 5870, Deán Funes 5200
S 78: Rosario 2000, Santa Fe 3000, Venado Tuerto 2600, Rafaela 2300, Reconquista 3560,
 Santo Tomé 3016, Villa Gobernador Gálvez 2124, San Lorenzo 2200, Esperanza 3080, Casilda 2170,
 Cañada de Gómez 2500, Firmat 2630, Rufino 6100, Vera 3550, Sunchales 2322
M 43: Mendoza 5500, San Rafael 5600, Godoy Cruz 5501, Las Heras 5539, Maipú 5515,
 Luján de Cuyo 5507, San Martín 5570, Rivadavia 5577, Tunuyán 5560, General Alvear 5620,
 Malargüe 5613
T 38: San Miguel de Tucumán 4000, Yerba Buena 4107, Tafí Viejo 4103, Concepción 4146, Monteros 4142,
 Famaillá 4132, Aguilares 4152, Lules 4128
E 31: Paraná 3100, Concordia 3200, Gualeguaychú 2820, Concepción del Uruguay 3260, Gualeguay 2840,
 Villaguay 3240, Victoria 3153, Colón 3280, Chajarí 3228, La Paz 3190, Nogoyá 3150, Diamante 3105
A 31: Salta 4400, San Ramón de la Nueva Orán 4530, Tartagal 4560, General Güemes 4430,
 Rosario de la Frontera 4190, Cafayate 4427, Embarcación 4550
N 28: Posadas 3300, Oberá 3360, Eldorado 3380, Puerto Iguazú 3370, Apóstoles 3350,
 Leandro N. Alem 3315, Jardín América 3328, Montecarlo 3384
H 25: Resistencia 3500, Presidencia Roque Sáenz Peña 3700, Villa Ángela 3540, Barranqueras 3503,
 Charata 3730, Quitilipi 3530, Las Breñas 3722, Juan José Castelli 3705
W 26: Corrientes 3400, Goya 3450, Paso de los Libres 3230, Curuzú Cuatiá 3460, Bella Vista 3432,
 Monte Caseros 3220, Esquina 3196, Saladas 3420
G 23: Santiago del Estero 4200, La Banda 4300, Termas de Río Hondo 4220, Frías 4230, Añatuya 3760,
 Quimilí 3740
J 18: San Juan 5400, Rawson 5425, Chimbas 5413, Santa Lucía 5411, Caucete 5442,
 San José de Jáchal 5460
Y 17: San Salvador de Jujuy 4600, Palpalá 4612, San Pedro de Jujuy 4500,
 Libertador General San Martín 4512, Perico 4608, La Quiaca 4650, Humahuaca 4630
R 16: Viedma 8500, San Carlos de Bariloche 8400, General Roca 8332, Cipolletti 8324,
 Villa Regina 8336, Allen 8328, San Antonio Oeste 8520, Choele Choel 8360, El Bolsón 8430
Q 15: Neuquén 8300, Cutral Có 8322, Plottier 8316, Centenario 8309, Zapala 8340,
 San Martín de los Andes 8370, Chos Malal 8353, Junín de los Andes 8371
P 13: Formosa 3600, Clorinda 3610, Pirané 3606, El Colorado 3603, Las Lomitas 3630
U 13: Rawson 9103, Comodoro Rivadavia 9000, Trelew 9100, Puerto Madryn 9120, Esquel 9200,
 Sarmiento 9020, Gaiman 9105
D 12: San Luis 5700, Villa Mercedes 5730, Merlo 5881, La Punta 5710, Justo Daract 5738
K 9: San Fernando del Valle de Catamarca 4700, Andalgalá 4740, Belén 4750, Santa María 4139,
 Tinogasta 5340, Recreo 5260
F 8: La Rioja 5300, Chilecito 5360, Aimogasta 5310, Chamical 5380, Chepes 5470
L 8: Santa Rosa 6300, General Pico 6360, Toay 6303, General Acha 8200, Eduardo Castex 6380,
 Realicó 6200, Macachín 6307, Victorica 6319, Guatraché 6311
Z 7: Río Gallegos 9400, Caleta Olivia 9011, El Calafate 9405, Pico Truncado 9015,
 Puerto Deseado 9050, Las Heras 9017
V 4: Ushuaia 9410, Río Grande 9420, Tolhuin 9412
"""

_STREETS = """
San Martín, Belgrano, Rivadavia, Sarmiento, Mitre, Moreno, Alsina, Yrigoyen, Alvear, Urquiza, Lavalle,
Güemes, Pueyrredón, Las Heras, Saavedra, Paso, Castelli, Larrea, Azcuénaga, Matheu, Alberdi, Avellaneda,
Roca, Pellegrini, Quintana, Sáenz Peña, Dorrego, Brown, Espora, Bouchard, Necochea, Balcarce, Chacabuco,
Maipú, Suipacha, Tucumán, Salta, Jujuy, Catamarca, La Rioja, San Juan, San Luis, Mendoza, Córdoba,
Santa Fe, Entre Ríos, Corrientes, Misiones, Chaco, Formosa, Neuquén, Río Negro, Chubut, Santa Cruz,
Santiago del Estero, Buenos Aires, La Pampa, Tierra del Fuego, Malvinas Argentinas, Independencia,
Libertad, Constitución, Libertador, Ayacucho, Junín, Pichincha, Ituzaingó, Cerrito, Esmeralda, Florida,
Italia, España, Francia, Perú, Chile, Bolivia, Paraguay, Uruguay, Brasil, México, Colombia, Venezuela,
Ecuador, Panamá, Cuba, Colón, Magallanes, Solís, Garay, Almafuerte, Lugones, Güiraldes,
Hernández, Echeverría, Mármol, Ameghino, Sobremonte, Liniers, Vieytes, Monteagudo, French,
Beruti, Pringles, Soler, Arenales, Warnes, Olavarría, Rauch, Pedernera, Brandsen, Lamadrid, Laprida,
Gorriti, Zapiola, Olazábal, Mansilla, Vilela, Luro, Colonia, Los Andes, Los Ceibos, Los Aromos,
Los Tilos, Las Acacias, Los Plátanos, Los Álamos, Los Jacarandáes, Las Magnolias, Los Paraísos,
El Ombú, El Chañar, El Algarrobo, El Quebracho, El Lapacho, El Timbó, El Ñandubay, Los Horneros,
Las Calandrias, Los Zorzales, Los Teros, Las Golondrinas, Los Jilgueros, Fray Luis Beltrán,
Fray Justo Santa María de Oro, Sargento Cabral, Tambor de Tacuarí, Gaucho Rivero, Madre Teresa,
Ramón Carrillo, Salvador Mazza, Luis Agote, Cecilia Grierson, Juana Azurduy, Macacha Güemes,
Alfonsina Storni, Alicia Moreau, Remedios de Escalada, Mariquita Thompson, Camila O'Gorman
"""

_BRANCHES_OF_WORK = """
EMPLEADOS DE COMERCIO, LA CONSTRUCCION, LA INDUSTRIA METALURGICA, LA INDUSTRIA TEXTIL, LA SANIDAD,
LA INDUSTRIA DE LA CARNE, LA INDUSTRIA DEL VIDRIO, LA INDUSTRIA DEL CALZADO, LA INDUSTRIA DEL PAPEL,
LA INDUSTRIA QUIMICA, LA INDUSTRIA DEL PLASTICO, LA INDUSTRIA MADERERA, LA INDUSTRIA LACTEA,
LA INDUSTRIA AZUCARERA, LA INDUSTRIA GRAFICA, LA INDUSTRIA CERAMICA, LA INDUSTRIA LADRILLERA,
LA INDUSTRIA VITIVINICOLA, LA INDUSTRIA DEL TABACO, LA INDUSTRIA DEL CUERO, LA INDUSTRIA DEL CAUCHO,
LA INDUSTRIA DEL JUGUETE, LA INDUSTRIA DEL FOSFORO, LA INDUSTRIA MOLINERA, LA INDUSTRIA ACEITERA,
LA INDUSTRIA DEL PESCADO, LA ACTIVIDAD RURAL, LA ACTIVIDAD MINERA, LA ACTIVIDAD PORTUARIA,
LA ACTIVIDAD HIPICA, EL TRANSPORTE AUTOMOTOR, EL TRANSPORTE DE CARGAS, LOS FERROVIARIOS, LOS TAXISTAS,
LOS AERONAVEGANTES, LOS MARITIMOS, LOS BANCARIOS, EL SEGURO, LOS DOCENTES PRIVADOS, LOS TELEFONICOS,
LOS GASTRONOMICOS, LOS PANADEROS, LOS PASTELEROS, LOS PELUQUEROS, LOS VIAJANTES, LOS VIGILADORES,
LOS ENCARGADOS DE EDIFICIOS, LAS CASAS PARTICULARES, LAS ESTACIONES DE SERVICIO, LOS CASINOS,
LOS CANILLITAS, LOS PERIODISTAS, LOS ACTORES, LOS MUSICOS, LA TELEVISION, LOS FARMACEUTICOS,
LOS MECANICOS, LA LUZ Y LA FUERZA, EL AGUA Y LAS CLOACAS, EL GAS, EL PETROLEO, LA NAVEGACION FLUVIAL,
LOS MUNICIPALES, LOS JUDICIALES, LAS UNIVERSIDADES, LOS FUTBOLISTAS, LOS JARDINEROS, LOS CEMENTERIOS
"""

PROVINCE_NAMES = {
    "A": "SALTA", "B": "BUENOS AIRES", "C": "CIUDAD", "D": "SAN LUIS", "E": "ENTRE RIOS",
    "F": "LA RIOJA", "G": "SANTIAGO DEL ESTERO", "H": "CHACO", "J": "SAN JUAN", "K": "CATAMARCA",
    "L": "LA PAMPA", "M": "MENDOZA", "N": "MISIONES", "P": "FORMOSA", "Q": "NEUQUEN",
    "R": "RIO NEGRO", "S": "SANTA FE", "T": "TUCUMAN", "U": "CHUBUT", "V": "TIERRA DEL FUEGO",
    "W": "CORRIENTES", "X": "CORDOBA", "Y": "JUJUY", "Z": "SANTA CRUZ",
}  # fmt: skip


@dataclass(frozen=True)
class Locality:
    """`weight` is its share of the population."""

    name: str
    postal_code: str
    province: str
    country: str = "AR"
    weight: float = 0.0


def _localities() -> list[Locality]:
    """The first of each province is its largest: the shares fall like 1, 1/2, 1/3…"""
    found = []
    for entry in _PROVINCES.strip().replace("\n ", " ").splitlines():
        head, _, names = entry.partition(":")
        province, share = head.split()
        places = [name.strip().rpartition(" ") for name in names.split(",")]
        total = sum(1 / rank for rank in range(1, len(places) + 1))
        found += [
            Locality(name, code, province, weight=int(share) / 1000 / rank / total)
            for rank, (name, _, code) in enumerate(places, 1)
        ]
    return found


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.replace("\n", " ").split(",")]


LOCALITIES = _localities()
STREETS = _listed(_STREETS)
ABROAD = [
    Locality("Madrid", "28013", "", "ES"), Locality("Barcelona", "08025", "", "ES"),
    Locality("Vigo", "36203", "", "ES"), Locality("Roma", "00184", "", "IT"),
    Locality("Milano", "20121", "", "IT"), Locality("Montevideo", "11200", "", "UY"),
    Locality("Colonia del Sacramento", "70000", "", "UY"), Locality("Santiago", "8320000", "", "CL"),
    Locality("Asunción", "1209", "", "PY"), Locality("La Paz", "", "", "BO"),
    Locality("São Paulo", "01310100", "", "BR"), Locality("Lima", "15001", "", "PE"),
    Locality("Miami", "33130", "", "US"), Locality("Paris", "75011", "", "FR"),
    Locality("Berlin", "10115", "", "DE"), Locality("London", "SW1A1AA", "", "GB"),
]  # fmt: skip

HEALTH_INSURERS = (
    [f"OBRA SOCIAL DE {branch}".replace(" DE EL ", " DEL ") for branch in _listed(_BRANCHES_OF_WORK)]
    + [f"INSTITUTO DE SEGURO DE SALUD DE {name}" for name in PROVINCE_NAMES.values()]
    + [f"MUTUAL {name}" for name in ("DEL SUR", "DEL LITORAL", "CUYANA", "SERRANA", "DEL PLATA",
                                    "PAMPEANA", "PATAGONICA", "NORTEÑA")]
)  # fmt: skip
BANKS = (
    "BANCO DE LA NACION", "CORREO", "BANCO DE LA PROVINCIA", "BANCO RIOPLATENSE", "BANCO FEDERAL",
    "BANCO DEL COMERCIO", "CAJA DE AHORRO POPULAR", "BANCO AGRICOLA", "BANCO CRISOL",
)  # fmt: skip
