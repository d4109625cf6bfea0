"""Handing figures on: one row a wish or one a response, with what each column means."""
