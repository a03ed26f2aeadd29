"""What commands have in common: who may give one, how it is carried out, and what it asks and changes."""
