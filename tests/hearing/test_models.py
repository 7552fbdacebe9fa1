"""Models: which is used, and fetching one over a network that fails, from a real server."""

import hashlib
import http.server
import io
import os
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import AssistantError, ExitCode
from assistant.hearing import models
from assistant.hearing.models import SHIPPED, SMALL_ENGLISH, SpeechModel, fetch_model, find

NAME = "vosk-model-tiny"


def make_model(path: Path) -> Path:
    """A folder that looks like a model."""
    for name in models.NEEDED:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("x")
    return path


def zipped(names: tuple[str, ...], size: int = 200_000) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, bytes(range(256)) * (size // 256))
    return data.getvalue()


GOOD = zipped((f"{NAME}/am/final.mdl", f"{NAME}/conf/model.conf"))


class Server(http.server.ThreadingHTTPServer):
    """Serves one file; `cut_at` ends each connection there, `ranges` False ignores Range."""

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.cut_at, self.ranges = content, 0, True
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{NAME}.zip"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append(wanted)
        start = 0
        if wanted and self.server.ranges:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
        body = self.server.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.cut_at] if self.server.cut_at else body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(GOOD)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def tiny(server: Server, content: bytes = GOOD) -> SpeechModel:
    server.content = content
    return SpeechModel(
        name=NAME,
        about="",
        licence="",
        url=server.url,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def nothing(done: int, total: int) -> None:
    pass


def test_a_model_is_fetched_checked_and_unpacked(server: Server, tmp_path: Path) -> None:
    """Progress runs to the end, and nothing but the model stays behind."""
    seen: list[tuple[int, int]] = []
    path = fetch_model(tiny(server), tmp_path / "vosk", lambda *now: seen.append(now))
    assert path == tmp_path / "vosk" / NAME
    assert not models.lacking(path)
    assert seen[0] == (0, len(GOOD))
    assert seen[-1] == (len(GOOD), len(GOOD))
    assert [p.name for p in (tmp_path / "vosk").iterdir()] == [NAME]


def test_what_is_there_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    model = tiny(server)
    fetch_model(model, tmp_path, nothing)
    fetch_model(model, tmp_path, nothing)
    assert len(server.asked) == 1


def test_a_cut_connection_says_so_and_goes_on_where_it_ended(
    server: Server, tmp_path: Path
) -> None:
    model = tiny(server)
    server.cut_at = 150_000
    with pytest.raises(AssistantError, match="150000 of") as caught:
        fetch_model(model, tmp_path, nothing)
    assert caught.value.code == ExitCode.MISSING_MODEL
    assert not (tmp_path / NAME).exists()
    server.cut_at = 0
    assert not models.lacking(fetch_model(model, tmp_path, nothing))
    assert server.asked == [None, "bytes=150000-"]


def test_a_server_without_ranges_is_asked_for_all_of_it(server: Server, tmp_path: Path) -> None:
    model = tiny(server)
    server.cut_at = 150_000
    with pytest.raises(AssistantError):
        fetch_model(model, tmp_path, nothing)
    server.cut_at, server.ranges = 0, False
    assert not models.lacking(fetch_model(model, tmp_path, nothing))


@pytest.mark.parametrize("size", [len(GOOD) - 1, len(GOOD), len(GOOD) + 1])
def test_a_wrong_file_is_thrown_away(server: Server, tmp_path: Path, size: int) -> None:
    """Shorter, longer or just different: after it the next attempt starts from nothing."""
    model = replace(tiny(server), sha256="0" * 64, size=size)
    with pytest.raises(AssistantError, match=r"SHA-256|of \d+ bytes"):
        fetch_model(model, tmp_path, nothing)
    assert not (tmp_path / NAME).exists()
    if size <= len(GOOD):
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../outside/am/final.mdl", "/outside", f"{NAME}/../../outside", "..\\outside"]
)
def test_a_zip_that_points_out_of_its_folder_is_refused(
    server: Server, tmp_path: Path, name: str
) -> None:
    content = zipped((f"{NAME}/am/final.mdl", f"{NAME}/conf/model.conf", name), 256)
    inside = tmp_path / "deep" / "deeper"
    with pytest.raises(AssistantError, match="out of its folder"):
        fetch_model(tiny(server, content), inside, nothing)
    assert not (inside / NAME).exists()
    assert not list(tmp_path.rglob("*outside*"))


def test_a_zip_that_holds_no_model_is_refused(server: Server, tmp_path: Path) -> None:
    for content in (zipped((f"{NAME}/readme",), 256), b"no zip at all"):
        with pytest.raises(AssistantError, match="can't be used"):
            fetch_model(tiny(server, content), tmp_path / str(len(content)), nothing)
        assert not (tmp_path / str(len(content)) / NAME).exists()


def test_half_a_model_is_replaced(server: Server, tmp_path: Path) -> None:
    (tmp_path / NAME / "am").mkdir(parents=True)
    assert not models.lacking(fetch_model(tiny(server), tmp_path, nothing))


def test_without_a_network_the_message_says_what_goes_on_working(
    server: Server, tmp_path: Path
) -> None:
    model = replace(tiny(server), url="http://127.0.0.1:1/nothing.zip")
    with pytest.raises(AssistantError, match="uses the model that came with it"):
        fetch_model(model, tmp_path, nothing)


def test_a_folder_that_cannot_be_written_is_named(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AssistantError, match="can't be stored") as caught:
        fetch_model(tiny(server), tmp_path / "file", nothing)
    assert caught.value.code == ExitCode.FILE_ACCESS


def test_only_models_of_the_catalogue_are_fetched() -> None:
    with pytest.raises(AssistantError, match=SMALL_ENGLISH.name):
        models.fetch("vosk-model-gigantic")
    assert models.fetch(SHIPPED.name) == models.shipped()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without models."""
    if not models.lacking(Path("/usr/share/vosk") / SMALL_ENGLISH.name):
        pytest.skip("the official small model is installed on this machine")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
    monkeypatch.setattr(models, "SERVICES_OWN", tmp_path / "service" / ".cache" / "vosk")
    return tmp_path


def test_the_shipped_model_is_the_last_resort(bare: Path) -> None:
    assert find() == models.shipped()
    assert models.installed(SHIPPED) == models.shipped()
    assert models.installed(SMALL_ENGLISH) is None


def test_the_official_small_model_is_preferred_where_it_is(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the cache, or in the folder that $VOSK_MODEL_PATH names, or being that folder."""
    cached = make_model(bare / ".cache/vosk" / SMALL_ENGLISH.name)
    assert find() == cached
    elsewhere = make_model(bare / "elsewhere" / SMALL_ENGLISH.name)
    for named in (elsewhere, elsewhere.parent):
        monkeypatch.setenv("VOSK_MODEL_PATH", str(named))
        assert find() == elsewhere


def test_what_the_service_fetched_is_used_by_a_person_without_one(bare: Path) -> None:
    """Whoever tries how well it hears tries what the service hears with."""
    services = make_model(models.SERVICES_OWN / SMALL_ENGLISH.name)
    assert find() == services
    own = make_model(bare / ".cache/vosk" / SMALL_ENGLISH.name)
    assert find() == own


def test_a_service_that_keeps_its_folder_to_itself_is_no_error(bare: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may look everywhere")
    make_model(models.SERVICES_OWN / SMALL_ENGLISH.name)
    (bare / "service").chmod(0)
    try:
        assert find() == models.shipped()
    finally:
        (bare / "service").chmod(0o700)


def test_a_configured_model_comes_first_and_must_be_one(bare: Path) -> None:
    make_model(bare / ".cache/vosk" / SMALL_ENGLISH.name)
    mine = make_model(bare / "mine")
    assert find(str(mine)) == mine
    assert find("~/mine") == mine
    (mine / "am/final.mdl").unlink()
    for wrong in (str(mine), str(bare / "nothing"), str(mine / "conf/model.conf")):
        with pytest.raises(AssistantError) as caught:
            find(wrong)
        assert wrong in str(caught.value)
        assert caught.value.code == ExitCode.MISSING_MODEL


def test_the_shipped_model_stays_small() -> None:
    """Everybody who installs the assistant downloads it."""
    files = [path for path in models.shipped().rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 4_000_000
