"""Does replacing a file keep what people had, and does it give up without harm?"""

import os
import resource
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import BinaryIO

import pytest

from rowcall import files
from rowcall.errors import WorkbookBusy, WorkbookError


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "Orders.xlsx"
    path.write_bytes(b"old")
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def owner_file(name: str) -> bytes:
    local = name.encode("latin-1", "replace")
    wide = name.encode("utf-16-le")
    return (
        bytes([len(name)]) + local.ljust(54, b" ") + len(name).to_bytes(2, "little") + wide.ljust(108, b"\0")
    )


def test_replaces_bytes_and_returns_the_new_fingerprint(orders: Path) -> None:
    result = files.replace_file(orders, b"new", files.fingerprint(orders))
    assert orders.read_bytes() == b"new"
    assert result == files.fingerprint(orders)
    assert names(orders.parent) == ["Orders.xlsx"]


def test_replaces_by_a_writer(orders: Path) -> None:
    def write(file: BinaryIO) -> None:
        file.write(b"one")
        file.write(b"two")

    files.replace_file(orders, write, files.fingerprint(orders))
    assert orders.read_bytes() == b"onetwo"


def test_reading_gives_the_fingerprint_of_what_was_read(orders: Path) -> None:
    content, print_ = files.read_file(orders)
    assert content == b"old"
    assert print_ == files.fingerprint(orders)


def test_a_new_file_must_not_exist_yet(orders: Path) -> None:
    files.replace_file(orders.with_name("New.csv"), b"x", None)
    assert orders.with_name("New.csv").read_bytes() == b"x"
    with pytest.raises(WorkbookBusy, match="made by somebody else"):
        files.replace_file(orders, b"new", None)
    assert orders.read_bytes() == b"old"


def test_mode_symlink_and_attributes_are_kept(orders: Path) -> None:
    orders.chmod(0o640)
    try:
        os.setxattr(orders, "user.origin", b"till 3")
        attributes = True
    except OSError:
        attributes = False
    link = orders.parent / "link.xlsx"
    link.symlink_to(orders.name)
    files.replace_file(link, b"new", files.fingerprint(link))
    assert link.is_symlink()
    assert orders.read_bytes() == b"new"
    assert orders.stat().st_mode & 0o777 == 0o640
    if attributes:
        assert os.getxattr(orders, "user.origin") == b"till 3"


@pytest.mark.skipif(os.geteuid() != 0, reason="only an administrator can give a file away")
def test_owner_is_kept(orders: Path) -> None:
    os.chown(orders, 12345, 23456)
    files.replace_file(orders, b"new", files.fingerprint(orders))
    assert (orders.stat().st_uid, orders.stat().st_gid) == (12345, 23456)


def test_changed_meanwhile_by_content_alone_is_noticed(orders: Path) -> None:
    before = files.fingerprint(orders)
    orders.write_bytes(b"odd")
    os.utime(orders, ns=(before.mtime_ns, before.mtime_ns))
    with pytest.raises(WorkbookBusy, match=r"Orders\.xlsx was changed meanwhile"):
        files.replace_file(orders, b"new", before)
    assert orders.read_bytes() == b"odd"
    assert names(orders.parent) == ["Orders.xlsx"]


def test_changed_while_writing_is_noticed(orders: Path) -> None:
    def write(file: BinaryIO) -> None:
        file.write(b"ours")
        orders.write_bytes(b"theirs")

    with pytest.raises(WorkbookBusy):
        files.replace_file(orders, write, files.fingerprint(orders))
    assert orders.read_bytes() == b"theirs"


def test_deleted_meanwhile(orders: Path) -> None:
    before = files.fingerprint(orders)
    orders.unlink()
    with pytest.raises(WorkbookBusy, match="moved or deleted"):
        files.replace_file(orders, b"new", before)
    assert names(orders.parent) == []


def test_a_failing_writer_leaves_nothing_behind(orders: Path) -> None:
    def write(file: BinaryIO) -> None:
        file.write(b"half")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        files.replace_file(orders, write, files.fingerprint(orders))
    assert orders.read_bytes() == b"old"
    assert names(orders.parent) == ["Orders.xlsx"]


def test_read_only_file_and_folder(orders: Path) -> None:
    before = files.fingerprint(orders)
    orders.chmod(0o444)
    with pytest.raises(WorkbookError, match=r"Orders\.xlsx is read-only"):
        files.replace_file(orders, b"new", before)
    orders.chmod(0o644)
    orders.parent.chmod(0o555)
    try:
        with pytest.raises(WorkbookError, match=r"its folder .* is read-only"):
            files.replace_file(orders, b"new", before)
    finally:
        orders.parent.chmod(0o755)
    assert orders.read_bytes() == b"old"


@pytest.mark.parametrize("missing", ["Nope.xlsx", "nowhere/Nope.xlsx"])
def test_missing_file(tmp_path: Path, missing: str) -> None:
    with pytest.raises(WorkbookError, match=r"Nope\.xlsx was not found"):
        files.read_file(tmp_path / missing)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="is a folder"):
        files.read_file(tmp_path)


def test_full_disk_loses_nothing(orders: Path) -> None:
    """A limit on the size of files stands for the full disk: both fail in the middle of writing."""
    script = textwrap.dedent("""
        import resource, sys
        from pathlib import Path
        from rowcall import files
        from rowcall.errors import WorkbookError
        path = Path(sys.argv[1])
        before = files.fingerprint(path)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        try:
            files.replace_file(path, b"x" * 10000, before)
        except WorkbookError as error:
            print(error)
    """)
    done = subprocess.run(
        [sys.executable, "-c", script, str(orders)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    assert "larger than this disk or account allows" in done.stdout
    assert orders.read_bytes() == b"old"
    assert names(orders.parent) == ["Orders.xlsx"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_no_space_left_is_said_in_plain_words(orders: Path) -> None:
    def write(file: BinaryIO) -> None:
        file.write(b"half")
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"x")

    with pytest.raises(WorkbookError, match="the disk is full") as caught:
        files.replace_file(orders, write, files.fingerprint(orders))
    assert not caught.value.permanent
    assert names(orders.parent) == ["Orders.xlsx"]


def test_leftovers_of_a_killed_process_are_swept(orders: Path) -> None:
    old, young = (orders.with_name(f".Orders.xlsx.rowcall-{word}.tmp") for word in ("old", "young"))
    old.write_bytes(b"")
    young.write_bytes(b"")
    os.utime(old, (1, 1))
    files.replace_file(orders, b"new", files.fingerprint(orders))
    assert names(orders.parent) == [young.name, "Orders.xlsx"]


@pytest.mark.parametrize(
    ("lock", "content", "says"),
    [
        ("~$Orders.xlsx", owner_file("Anna"), "open in Excel by Anna; close it or wait"),
        ("~$Orders.xlsx", owner_file("王芳"), "open in Excel by 王芳;"),
        ("~$Orders.xlsx", b"", "open in Excel; close it"),
        (
            ".~lock.Orders.xlsx#",
            b"Bo Lee,bo,till,05.03.2026 10:00,file:///x;",
            "open in LibreOffice by Bo Lee;",
        ),
        (".~lock.Orders.xlsx#", b",bo,till,05.03.2026 10:00,file:///x;", "open in LibreOffice by bo;"),
        (".~Orders.xlsx", b"", "open in WPS;"),
    ],
    ids=["excel", "chinese name", "unreadable", "libreoffice", "login only", "wps"],
)
def test_says_who_has_it_open(orders: Path, lock: str, content: bytes, says: str) -> None:
    (orders.parent / lock).write_bytes(content)
    with pytest.raises(WorkbookBusy) as caught:
        files.refuse_if_open(orders)
    assert says in str(caught.value)
    assert lock in caught.value.fix


def test_open_nowhere(orders: Path) -> None:
    assert files.opened_by(orders) is None
    files.refuse_if_open(orders)
