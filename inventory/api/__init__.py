"""The doors of `/api/v1/` to the stock: shows and what is left of them, and locks."""
