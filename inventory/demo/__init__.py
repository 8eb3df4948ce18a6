"""Houses to try the program with, as the CSV text that a box office would upload."""
