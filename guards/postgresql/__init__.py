"""Django's PostgreSQL engine that does not wait for a server which is gone (settings: ENGINE)."""
