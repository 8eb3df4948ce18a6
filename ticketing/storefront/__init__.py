"""The shop: pages that a buyer sees. Every one works without JavaScript; with it, seats are chosen on a map."""
