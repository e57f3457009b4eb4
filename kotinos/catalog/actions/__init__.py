"""What people and jobs do to the catalogue, one transaction each."""
