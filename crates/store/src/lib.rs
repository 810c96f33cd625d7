//! SQLite and PostgreSQL from one SQL text: the transaction is the repository.
