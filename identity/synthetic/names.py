"""Surnames and given names as Argentine papers show them. Who gets which is left to chance."""

# The commonest first: shares fall like 1, 1/2, 1/3… (softened).
SURNAMES = (
    """
González Rodríguez Gómez Fernández López Díaz Martínez Pérez Romero Sánchez García Sosa Torres Ruiz
Ramírez Álvarez Benítez Acosta Medina Herrera Suárez Aguirre Giménez Gutiérrez Pereyra Rojas Molina
Castro Ortiz Silva Núñez Luna Juárez Cabrera Ríos Morales Godoy Moreno Ferreyra Domínguez Carrizo
Peralta Castillo Ledesma Quiroga Vega Vera Muñoz Ojeda Ponce Villalba Cardozo Navarro Coronel Vázquez
Ramos Vargas Cáceres Arias Figueroa Córdoba Correa Maldonado Paz Rivero Miranda Mansilla Farías
Roldán Méndez Guzmán Agüero Hernández Lucero Cruz Páez Escobar Mendoza Barrios Bustos Ávila Ayala
Blanco Soria Maidana Acuña Leiva Duarte Moyano Campos Soto Martín Valdez Bravo Chávez Velázquez
Olivera Toledo Franco Vera Montenegro Mercado Ibáñez Zárate Arce Lencina Villarreal Gallardo
Bianchi Rossi Ferrari Russo Romano Esposito Colombo Ricci Marino Greco Bruno Gallo Conti De Luca
Mancini Costa Giordano Rizzo Lombardi Moretti Barbieri Fontana Caruso Mariani Rinaldi Santoro
Marchetti Ferrero Bertolini Pellegrino Zanetti Vitale Basile Lorenzini Tedesco Gentile Cattaneo
Iturralde Etcheverry Goñi Aramburu Echeverría Urrutia Zubiría Irigoyen Arrieta Bengoechea Elizalde
Müller Schmidt Weber Schneider Wagner Fischer Becker Hoffmann Klein Stang Gette Minig Roth Kessler
Nowak Kowalski Wisniewski Kozak Melnik Shevchuk Petrov Stojanovich Babic Horvat
Nahuel Huenchumán Calfucurá Painé Catriel Cayún Millán Quispe Mamani Condorí Choque Flores Tolaba
Haddad Salomón Nasif Yapur Assad Jalil Elías Abdala
Nakamura Higa Oshiro Kim Park Chen Wang Evans Jones Williams Roberts Owen Lewis Brown O'Connor
D'Angelo Dell'Oro Dos Santos Da Silva Pinto Peixoto Araújo Coelho Ñañez Núñez Piñeiro Castaño Peña
Ordóñez Yáñez Ibarra Zapata Bazán Nieva Reinoso Salvatierra Vizgarra Sandoval Oviedo Funes Videla
""".replace("De Luca", "De_Luca")
    .replace("Dos Santos", "Dos_Santos")
    .replace("Da Silva", "Da_Silva")
)

# By sex and by when people were given them: before 1955, before 1985, since.
_GIVEN = {
    ("F", 0): """María Ana Rosa Juana Elena Carmen Josefa Teresa Dora Elsa Nélida Haydée Delia Irma
        Olga Nelly Elvira Amelia Ramona Emilia Blanca Norma Lidia Hilda Beatriz Susana Marta Alicia
        Angélica Zulema Elba Argentina Mercedes Victoria Catalina Ángela Antonia Clotilde""",
    ("M", 0): """Juan José Carlos Luis Antonio Pedro Francisco Manuel Ramón Miguel Roberto Domingo Raúl
        Oscar Héctor Alberto Julio Ángel Alfredo Enrique Eduardo Jorge Osvaldo Rubén Aníbal Nicolás
        Hugo Mario Horacio Rodolfo Arturo Armando Américo Ernesto Santiago Rogelio""",
    ("F", 1): """María Claudia Patricia Silvia Mónica Graciela Liliana Adriana Sandra Laura Alejandra
        Andrea Marcela Gabriela Karina Carina Verónica Paola Natalia Cecilia Mariana Carolina Viviana
        Roxana Lorena Romina Analía Fabiana Miriam Gladys Estela Cristina Stella Noemí Elizabeth
        Valeria Vanesa Soledad Marisa Daniela""",
    ("M", 1): """Jorge Carlos Daniel Marcelo Sergio Claudio Gustavo Fernando Pablo Alejandro Ricardo Diego
        Fabián Adrián Walter Guillermo Javier Gabriel Rubén Mario Hugo Darío Cristian Martín Leonardo
        Sebastián Hernán Mariano Esteban Maximiliano Andrés Rodrigo Germán Néstor Omar Víctor Ariel
        Mauricio Luis Federico""",
    ("F", 2): """Sofía Camila Florencia Micaela Rocío Agustina Julieta Milagros Brenda Antonella Lucía
        Martina Valentina Catalina Victoria Emma Isabella Delfina Abril Morena Zoe Guadalupe Pilar
        Ludmila Tamara Melina Daiana Yésica Macarena Aldana Candela Malena Ámbar Ailén Nahiara Belén
        Mía Renata Olivia Josefina""",
    ("M", 2): """Matías Nicolás Lucas Facundo Franco Agustín Gonzalo Ezequiel Emiliano Joaquín Tomás
        Santiago Juan Ignacio Lautaro Thiago Benjamín Mateo Bautista Valentín Felipe Bruno Ramiro
        Tobías Dylan Kevin Brian Nahuel Axel Ulises Iván Alan Leandro Luciano Gastón Simón Santino
        Jeremías León Elías""",
}  # fmt: skip
SURNAME_LIST = [name.replace("_", " ") for name in dict.fromkeys(SURNAMES.split())]
GIVEN = {who: names.split() for who, names in _GIVEN.items()}
