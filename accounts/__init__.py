"""The Clave: its life, its secret, its session."""
