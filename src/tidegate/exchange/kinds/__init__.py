"""The kinds of agreement message: fields, checks, who answers whom, and whose answer stops which clock."""
