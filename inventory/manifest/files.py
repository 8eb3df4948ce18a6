"""A manifest as somebody uploads it: which format it is, and whether it is worth reading at all."""

from __future__ import annotations

from inventory.manifest.csv_file import read_csv
from inventory.manifest.house import Fault, House, ManifestRefused
from inventory.manifest.pretix_plan import read_pretix_plan

SIZE_MAX = 64 * 2**20  # bytes

_BOM = b"\xef\xbb\xbf"
_ZIP = b"PK\x03\x04"  # what an .xlsx or .ods begins with


def read_manifest(name: str, data: bytes) -> House:
    """The house in an uploaded file: a pretix seating plan if it is JSON, by its name or its first character; else CSV.

    Raises `ManifestRefused` with every fault; a file over 64 MiB, or a workbook, is refused unread.
    """
    if len(data) > SIZE_MAX:
        message = f"the file has {len(data):,} bytes; the most is {SIZE_MAX:,}"
        raise ManifestRefused([Fault("file", "too_large", message)])
    if data.startswith(_ZIP):
        message = "this is a workbook: save the sheet as CSV UTF-8 and upload that"
        raise ManifestRefused([Fault("file", "workbook", message)])
    begins = data[:1024].removeprefix(_BOM).lstrip()[:1]
    # No header of a CSV manifest begins with a bracket, so a plan with the wrong name is still known for one.
    is_json = name.lower().endswith(".json") or begins in (b"{", b"[")
    return read_pretix_plan(data) if is_json else read_csv(data)
