"""The ledger in PostgreSQL: whatever several machines share. It is imported only where a database is named."""
