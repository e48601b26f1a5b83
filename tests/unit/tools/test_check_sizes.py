"""The check that files and functions stay readable."""

from pathlib import Path

import pytest

from tools.check_sizes import FILE_LINES, FUNCTION_LINES, main


def function(lines: int, *, above: str = "", docstring: int = 0) -> str:
    text = '    """Start.\n' + "    more\n" * (docstring - 2) + '    """\n' if docstring else ""
    return f"{above}def work():\n{text}" + "    pass\n" * (lines - 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "work.py"


def check(file: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    file.write_text(text)
    code = main([str(file.parent)])
    return code, capsys.readouterr().out


def test_what_fits_passes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(file, function(FUNCTION_LINES), capsys) == (0, "")


def test_a_long_function_is_named_with_its_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = check(file, "x = 1\n" + function(FUNCTION_LINES + 1), capsys)
    assert code == 1
    assert said.startswith(f"{file}:2: work has 61 lines")


def test_the_docstring_does_not_count(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(file, function(FUNCTION_LINES, docstring=30), capsys) == (0, "")


@pytest.mark.parametrize("above", ["# long function: a table\n", "# long function: a table\n@cache\n"])
def test_a_function_with_a_reason_passes(file: Path, capsys: pytest.CaptureFixture[str], above: str) -> None:
    assert check(file, function(FUNCTION_LINES + 1, above=above), capsys) == (0, "")


def test_a_reason_has_to_be_given(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = check(file, function(FUNCTION_LINES + 1, above="# long function:\n"), capsys)
    assert code == 1


def test_a_long_file_is_named_and_may_say_why(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = "x = 1\n" * (FILE_LINES + 1)
    code, said = check(file, long, capsys)
    assert code == 1
    assert said.startswith(f"{file}:1: 401 lines")
    assert check(file, "# long file: a table of names\n" + long, capsys) == (0, "")


def test_a_file_that_is_not_python_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = check(file, "def :\n", capsys)
    assert code == 1
    assert said.startswith(f"{file}:1: ")


def test_a_folder_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert main([str(tmp_path / "nowhere")]) == 2
