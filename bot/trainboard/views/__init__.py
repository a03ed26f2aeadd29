"""What several tables say together, read in one transaction: for texts, pages and programs."""
