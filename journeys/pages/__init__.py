"""One class a page. Which comes after which: journeys/flows.py."""
