"""What whoever runs the portal looks at: is it well, what does it do, what went wrong, are there copies."""
