"""Who exists (the register) and who you prove to be (trámite, questions)."""
