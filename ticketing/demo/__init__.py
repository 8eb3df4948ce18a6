"""The demo sells for money: a seller, prices, orders and all that follows, for the houses of `inventory.demo`."""
