"""What the program logs of errors that it swallowed, so that one event's trouble does not keep the others waiting."""

from __future__ import annotations

import logging

# What is known to fit only later. Anything else that is left for later is a bug.
WAITING = ("unknown:", "early:", "Busy:", "RefundTooMuch:")


class Overheard(logging.Handler):
    """Listens to a logger until it is stopped; `bugs` are the lines that no later moment will mend."""

    def __init__(self, logger: str) -> None:
        super().__init__()
        self.bugs: list[str] = []
        self._logger = logging.getLogger(logger)
        self._logger.addHandler(self)

    def stop(self) -> None:
        self._logger.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        said = str(record.msg)
        if "left for" in said and not any(fits[:-1] in said for fits in WAITING):
            self.bugs.append(said)
