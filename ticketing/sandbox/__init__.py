"""A gateway to try things on: an HTTP server that speaks Razorpay's API, and lets a person or a test play the payer.

It is a program of its own: it knows neither Django nor Housefull, only what is published of Razorpay. All state is in
memory. `python -m ticketing.sandbox --help` starts it.
"""
