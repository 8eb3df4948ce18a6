"""How staff log in: the password, its lock-out, and the second step."""
