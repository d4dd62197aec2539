"""The pages of the office. Which role each needs: backoffice/urls.py."""
