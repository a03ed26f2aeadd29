"""Everything that must survive a restart. One module per noun; every function takes an open connection.

The caller opens the transaction (`Database.write`), so that what belongs together is stored together.
"""
