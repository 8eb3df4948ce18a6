"""What a guest list may be as a file, and what is said of one that is none."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from tests.ticketing.guests.lists import HEAD, as_csv, as_xlsx, guest
from ticketing import guest_files
from ticketing.guest_files import FileRefused, read_table
from ticketing.resources import heads


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read_table(name, content)
    return str(refused.value)


def test_a_csv_and_a_workbook_of_the_same_list_are_the_same_table() -> None:
    rows = (guest("अतिथि", 2, contact="98200 12345"), guest("Guests, two", 1, note="a, b"))

    one, other = read_table("a.csv", as_csv(*rows)), read_table("a.xlsx", as_xlsx(*rows))

    assert list(one) == list(other)
    assert one[0][:3] == ("अतिथि", "98200 12345", "2")


@pytest.mark.parametrize("between", [";", "\t"])
def test_other_marks_between_cells_are_known_by_the_headings(between: str) -> None:
    text = between.join(HEAD) + "\r\n" + between.join(["Guest", "", "2", "Press", "", "", ""])

    assert read_table("a.csv", text.encode())[0][2] == "2"


def test_a_mark_at_the_front_and_empty_rows_do_no_harm_and_rows_keep_their_numbers() -> None:
    table = read_table("a.csv", b"\xef\xbb\xbfname,quantity,class\n\nGuest,1,Press\n\n\n")

    assert table.headers == ["name", "quantity", "class"]
    assert list(table) == [("", "", ""), ("Guest", "1", "Press")]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "The file is empty."),
        ("a.csv", b" \n", "The file is empty."),
        ("a.csv", b"\xef\xbb\xbf", "The file is empty."),
        ("a.csv", b"\xef\xbb\xbf\n\r\n\n", "The file is empty."),
        ("a.csv", b"name,quantity\nCaf\xe9,2\n", "Line 2 is not UTF-8."),
        ("a.csv", "name,quantity\n".encode("utf-16"), "UTF-16"),
        ("a.csv", b"name\0,x\n", "neither a CSV file nor a workbook"),
        ("a.csv", b'name,quantity\n"Guest,2\n', "cannot be read as CSV"),
        ("a.csv", b"name,quantity\nGuest,2,3\n", "Row 2 has a cell without a heading."),
        ("a.csv", b",,\nGuest,2,Press\n", "The first row is empty"),
        ("a.csv", b"name\n" + b"x" * 2_001 + b"\n", "more than 2,000 letters"),
        ("a.csv", ",".join(map(str, range(41))).encode(), "more than 40 columns"),
        ("a.pdf", b"%PDF-1.7", "neither a CSV file nor a workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", "old Excel"),
        ("a.xlsx", b"name,quantity\n", "no workbook inside"),
        ("a.docx", as_xlsx(), "neither a CSV file nor a workbook"),
        ("a.xlsx", b"PK\x03\x04 and no more", "The workbook is damaged."),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(name: str, content: bytes, says: str) -> None:
    assert says in refusal(name, content)


def test_a_file_too_large_and_a_list_too_long_are_refused() -> None:
    assert "2,097,152 at the most" in refusal("a.csv", b"x" * (guest_files.MOST_BYTES + 1))
    assert "more than 10,000 rows" in refusal("a.csv", b"name\n" + b"x\n" * 10_001)
    assert "more than 10,000 rows" in refusal("a.xlsx", as_xlsx(*[["x"]] * 10_001, head=["name"]))


def test_a_workbook_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * (guest_files.MOST_UNPACKED + 1))

    assert "far too large when unpacked" in refusal("a.xlsx", out.getvalue())


def sheet_of(text: bytes, path: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook whose sheet, or another part of it, has this inside."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_xlsx(guest("Guest")))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != path:
                new.writestr(part, old.read(part))
        new.writestr(path, text)
    return out.getvalue()


@pytest.mark.parametrize("cell", [b"<c/>", b"<x:c/>", b'<c r="A1"/>', b"<x:c\n></x:c>"])
def test_a_workbook_with_more_cells_than_a_list_has_is_not_loaded(cell: bytes) -> None:
    most = guest_files.MOST_CELLS
    assert len(cell) * (most + 1) < guest_files.MOST_UNPACKED

    bomb = sheet_of(b'<worksheet xmlns:x="y"><sheetData><row>' + cell * (most + 1) + b"</row></sheetData></worksheet>")

    assert len(bomb) < 200_000
    assert "far too large when unpacked" in refusal("a.xlsx", bomb)


@pytest.mark.parametrize("path", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/else.xml"])
@pytest.mark.parametrize("element", [b"<row/>", b"<xf/>", b"<si/>", b"<x:r/>"])
def test_no_part_of_a_workbook_has_a_hundred_thousand_elements_besides_its_cells(path: str, element: bytes) -> None:
    crowded = b"<any>" + element * (guest_files.MOST_ELEMENTS + 1) + b"</any>"

    assert "far too large when unpacked" in refusal("a.xlsx", sheet_of(crowded, path))


@pytest.mark.parametrize(
    "text",
    [
        b"<!DOCTYPE x [<!ENTITY c '<c/>'>]><worksheet/>",
        "<worksheet/>".encode("utf-16"),
        "<worksheet/>".encode("utf-16-be"),
    ],
)
def test_a_sheet_whose_cells_cannot_be_counted_is_refused(text: bytes) -> None:
    assert "The workbook is damaged." in refusal("a.xlsx", sheet_of(text))


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_workbook_that_was_damaged_on_its_way_is_refused(packing: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as book:
        book.writestr("xl/worksheets/sheet1.xml", bytes(range(256)) * 40)
    content = bytearray(out.getvalue())
    content[60:200] = b"x" * 140

    assert "The workbook is damaged." in refusal("a.xlsx", bytes(content))


def test_the_longest_list_there_may_be_is_read_from_a_workbook() -> None:
    table = read_table("a.xlsx", as_xlsx(*[guest(f"Guest {nth}") for nth in range(guest_files.MOST_ROWS)]))

    assert len(table) == guest_files.MOST_ROWS


def test_hundreds_of_thousands_of_empty_lines_are_not_kept_and_a_guest_after_them_is_one_too_many() -> None:
    lines = b"name\nGuest\n" + b"\n" * 300_000

    tracemalloc.start()
    table = read_table("a.csv", lines)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert list(table) == [("Guest",)]
    assert most < 10 * 2**20
    assert "more than 10,000 rows" in refusal("a.csv", lines + b"Guest\n")


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as other:
        other.writestr("readme.txt", "hello")

    assert "cannot be read as a workbook" in refusal("a.xlsx", out.getvalue())


def test_a_workbook_that_claims_a_million_columns_is_read_as_far_as_it_goes() -> None:
    content = as_xlsx(guest("Guest"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            held = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                assert b'<dimension ref="A1:G2"' in held
                held = held.replace(b"A1:G2", b"A1:XFD1048576")
            new.writestr(part, held)

    assert [row[0] for row in read_table("a.xlsx", out.getvalue())] == ["Guest"]


def test_headings_are_known_by_other_names_and_what_is_missing_is_said() -> None:
    known = read_table("a.csv", as_csv(head=("Guest Name", "E-mail", "Qty", "Given to")))
    assert heads(known) == []
    assert known.headers == ["name", "contact", "quantity", "class"]

    strange = read_table("a.csv", as_csv(head=("name", "Name", "shoe size")))
    missing, twice, nobody = heads(strange)
    assert missing.startswith("There is no column quantity, no column class. The columns are: name, contact, quantity")
    assert twice == "More than one column is called name."
    assert nobody.startswith("Nobody knows the column shoe size. Take it out, or call it name or contact or quantity")
