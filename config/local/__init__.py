"""The local start: servers from wheels, two database roles, the processes of the program. It imports no Django.

`bin/up` and `bin/test` make the virtual environment and hand over to `python -m config.local`.
"""
