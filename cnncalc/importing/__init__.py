"""What people have, to notation."""
