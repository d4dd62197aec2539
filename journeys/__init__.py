"""What a visitor meets: pages in order."""
