"""Archives from anywhere are read line by line, and the bad ones refused in one clear line."""

import gzip
import stat
import zipfile
from pathlib import Path

import pytest

from retrieval.errors import BadInputError
from retrieval.knowledge.loaders import archives
from retrieval.knowledge.loaders.archives import is_gzip, is_zip, members, open_lines, open_member


def zipped(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/") + ".csv", data)
    return path


def lines_of(path: Path) -> list[str]:
    with open_member(path, members(path)[0]) if is_zip(path) else open_lines(path) as lines:
        return list(lines)


@pytest.mark.parametrize("form", ["plain", "gzip", "zip"])
def test_lines_come_with_their_ends_and_numbers(tmp_path: Path, form: str) -> None:
    data = "\ufeffa,b\r\n1,ü\n\nlast".encode()
    if form == "zip":
        path = zipped(tmp_path / "a.zip", folder__food=data)
        lines = open_member(path, members(path)[0])
        assert members(path)[0].name == "folder/food.csv"
    else:
        path = tmp_path / "a.csv"
        path.write_bytes(gzip.compress(data) if form == "gzip" else data)
        lines = open_lines(path)
    with lines:
        assert list(lines) == ["a,b\r\n", "1,ü\n", "\n", "last"]
        assert lines.number == 4
        assert lines.share == 1.0
    assert (is_zip(path), is_gzip(path)) == (form == "zip", form == "gzip")


def test_lines_may_cross_the_blocks_that_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_BLOCK", 7)
    path = tmp_path / "a.csv"
    path.write_bytes("äöü\n".encode() * 9)
    with open_lines(path) as lines:
        assert list(lines) == ["äöü\n"] * 9


@pytest.mark.parametrize("cut", [0.3, 0.9])
@pytest.mark.parametrize("form", ["gzip", "zip"])
def test_a_truncated_archive_is_refused(tmp_path: Path, form: str, cut: float) -> None:
    data = b"".join(b"%d,%d\n" % (number, number * 7919) for number in range(5_000))
    path = zipped(tmp_path / "a.zip", food=data) if form == "zip" else tmp_path / "a.gz"
    whole = gzip.compress(data) if form == "gzip" else path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * cut)])
    with pytest.raises(BadInputError, match=path.name):
        lines_of(path)


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", food=b"".join(b"%d\n" % (number * 7919) for number in range(5_000)))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(BadInputError, match=r"food\.csv.*damaged"):
        lines_of(path)


@pytest.mark.parametrize(
    "name", ["../food.csv", "/food.csv", "a/../../food.csv", "..\\food.csv", "C:\\food.csv"]
)
def test_a_path_outside_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "x")
    with pytest.raises(BadInputError, match="outside"):
        members(path)


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("food.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(BadInputError, match="link"):
        members(path)


@pytest.mark.parametrize("form", ["gzip", "zip"])
def test_a_bomb_is_refused_after_a_few_megabytes(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "UNFOLDED_FREELY", 2**20)
    data = b"a,b\n" * 2**20
    path = zipped(tmp_path / "a.zip", food=data) if form == "zip" else tmp_path / "a.gz"
    if form == "gzip":
        path.write_bytes(gzip.compress(data))
    lines = open_member(path, members(path)[0]) if form == "zip" else open_lines(path)
    with lines, pytest.raises(BadInputError, match="unfolds"):
        list(lines)
    assert lines.number < 600_000


def test_a_header_that_lies_about_sizes_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "UNFOLDED_FREELY", 2**16)
    path = zipped(tmp_path / "a.zip", food=b"a,b\n" * 2**18)
    (member,) = members(path)
    liar = archives.Member(member.name, size=10, compressed=2**40)
    with open_member(path, liar) as lines, pytest.raises(BadInputError, match="unfolds"):
        list(lines)


def test_zeros_without_end_are_refused_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "zeros.csv"
    with path.open("wb") as file:
        file.truncate(2**30)
    with open_lines(path) as lines, pytest.raises(BadInputError, match="line 1: longer than 16 MB"):
        next(lines)


def test_a_long_line_after_short_ones_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_LINE", 1_000)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"{}\n{}\n" + b"x" * 5_000 + b"\n{}\n")
    with open_lines(path) as lines, pytest.raises(BadInputError, match=r"a\.jsonl, line 3"):
        list(lines)


def test_another_encoding_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"ok\n" + "Müsli".encode("latin-1") + b"\n")
    with open_lines(path) as lines, pytest.raises(BadInputError, match="line 2: not UTF-8 at byte 2"):
        list(lines)


def test_something_else_is_no_zip(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(BadInputError, match="not a complete zip"):
        members(path)
    assert not is_zip(tmp_path / "missing.zip")
