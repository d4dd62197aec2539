"""The portal as the fault runs start it: its own settings, and one address more."""
