"""What a record, a statement, a label and a day are."""
