"""What people and jobs do to drops, one transaction each."""
