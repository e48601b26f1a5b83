"""vLLM's log in words for a person."""

from pathlib import Path

import pytest

from bot.serving.log import LogTail, Stage, cause_of_death, stage_of

STARTING = """\
(APIServer pid=7) INFO 11-22 17:01:36 [api_utils.py:286] non-default args: {'host': '127.0.0.1'}
(APIServer pid=7) INFO 11-22 17:01:49 [model.py:733] Resolved architecture: LlamaForCausalLM
(EngineCore pid=8) INFO 11-22 17:01:59 [core.py:133] Initializing a V1 LLM engine (v0.32.0) with config: x
(Worker pid=9) INFO 11-22 17:02:08 [cpu_model_runner.py:68] Starting to load model out...
(Worker pid=9) INFO 11-22 17:02:11 [default_loader.py:501] Loading weights took 1.93 seconds
(EngineCore pid=8) INFO 11-22 17:02:13 [kv_cache_utils.py:2327] CPU KV cache size: 93,184 tokens
(APIServer pid=7) INFO 11-22 17:02:25 [entry.py:140] Starting vLLM server on http://127.0.0.1:8399
"""


def test_a_start_passes_through_its_stages_in_order() -> None:
    stages = [stage for line in STARTING.splitlines() if (stage := stage_of(line)) is not None]
    assert stages == list(Stage)[1:-1]
    shares = [stage.share for stage in Stage]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("line", "clause"),
    [
        ("OSError: [Errno 98] Address already in use", "--port"),
        ("OSError: [Errno 28] No space left on device: '/tmp/x'", "no space is left"),
        ("RuntimeError: [enforce fail] DefaultCPUAllocator: can't allocate memory: x", "not enough memory"),
        ("ValueError: Available memory on node 0 (0.5/8 GiB) is less than desired", "not enough memory"),
        ("ImportError: libnuma.so.1: cannot open shared object file: No such file", "libnuma.so.1"),
        ("can't run /x/python: No such file or directory", "can't run /x/python"),
    ],
)
def test_known_faults_are_named(line: str, clause: str) -> None:
    assert clause in cause_of_death(["something before", line, "something after"], 1)


def test_the_root_cause_is_quoted_and_not_what_followed_from_it() -> None:
    lines = [
        "(EngineCore pid=8) ERROR 11-22 17:02:08 [core.py:900] ValueError: block_size must be positive",
        "(APIServer pid=7) Traceback (most recent call last):",
        "(APIServer pid=7) RuntimeError: Engine core initialization failed. See root cause above.",
    ]
    assert cause_of_death(lines, 1) == "ValueError: block_size must be positive"


def test_a_killed_server_means_memory() -> None:
    assert "not enough memory" in cause_of_death([], 137)


def test_a_silent_end_has_at_least_its_exit_code() -> None:
    assert cause_of_death(["all was well"], 3) == "exit code 3"


def test_the_tail_gives_each_line_once_and_only_when_it_is_complete(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_bytes(b"an older run\n")
    tail = LogTail(log, start=log.stat().st_size)
    with log.open("ab", buffering=0) as file:
        file.write(b"one\ntw")
        assert tail.new_lines() == ["one"]
        assert tail.new_lines() == []
        file.write(b"o\n\xff\n")
        assert tail.new_lines() == ["two", "�"]
