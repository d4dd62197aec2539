"""What happens to acknowledged changes when something breaks: runs that break it, and count."""
