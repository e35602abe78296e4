"""The first voyage, page by page: what each person does at their own browser."""
