"""The database: tables, migrations, one repository a noun, and the audit chain."""
