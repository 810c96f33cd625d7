-- What separates the cells of a CSV file, by its first line; nothing where that was not read yet.
ALTER TABLE usage_import ADD COLUMN separator TEXT;
