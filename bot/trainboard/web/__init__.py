"""What people and programs see over HTTP: pages, the JSON of the board, health."""
