"""The faults found so far while a manifest is read."""

from __future__ import annotations

from inventory.manifest.house import Fault, ManifestRefused

FAULTS_MAX = 100_000  # a file with more is not a manifest, and its list would fill the memory of a web process


class Faults:
    """Every fault of a manifest, in the order they were found."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, where: str, code: str, message: str) -> None:
        """Note a fault and read on; the hundred-thousandth ends the reading with `ManifestRefused`."""
        self._found.append(Fault(where, code, message))
        if len(self._found) >= FAULTS_MAX:
            message = f"this is fault number {FAULTS_MAX:,}; nothing was read from here on"
            self._found.append(Fault(where, "too_many_faults", message))
            self.refuse()

    def refuse(self) -> None:
        """Raise `ManifestRefused` if anything was at fault."""
        if self._found:
            raise ManifestRefused(self._found)
