"""The disk: a file is read whole, and replaced whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import errno
import hashlib
import os
import re
import stat
import sys
import tempfile
from pathlib import Path

from primer_anki.diagnostic import Location, PrimerError

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_READINGS = 3
"""Of a file that changes while it is read."""


def shown(path: Path) -> str:
    """A path as messages name it: relative to where the user stands if it lies below, else as he typed it.

    On one line: a line break or another control character in a name is shown as its escape.
    """
    plain = Path(os.path.normpath(path))
    if plain.is_absolute() and plain.is_relative_to(Path.cwd()):
        plain = plain.relative_to(Path.cwd())
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), plain.as_posix())


def real(path: Path) -> Path:
    """The file that a path leads to, links followed; it need not exist. PrimerError for a loop of links."""
    try:
        path.stat()
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise PrimerError("the links lead in a circle", Location(shown(path))) from None
    return path.resolve()


def name_as_text(path: Path) -> str:
    """A path with `/`, the same text under every locale. PrimerError where its bytes are not UTF-8."""
    try:
        return os.fsencode(path.as_posix()).decode("utf-8")
    except UnicodeDecodeError:
        raise PrimerError("the name of the file is not UTF-8", Location(shown(path)), hint="rename it") from None


def name_on_disk(text: str) -> str:
    """The other way round: how Python names the file of this name under the locale."""
    return os.fsdecode(text.encode("utf-8"))


def read_bytes(path: Path) -> bytes:
    """The content of a file; PrimerError where it cannot be read."""
    try:
        if not path.is_file() and path.exists():
            raise PrimerError("this is no ordinary file", Location(shown(path)))
        for _ in range(_READINGS):
            data, whole = _read(path)
            if whole:
                return data
    except OSError as error:
        raise PrimerError(f"cannot read: {_reason(error)}", Location(shown(path))) from None
    raise PrimerError("the file changes while it is read", Location(shown(path)), hint="try again once it is saved")


def _read(path: Path) -> tuple[bytes, bool]:
    """The content of a file, and whether it stayed the same from the first byte to the last."""
    before = path.stat()
    data = path.read_bytes()
    after = path.stat()
    return data, (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)


def read_text(path: Path) -> str:
    """The text of a file: UTF-8, lines ending in `\\n`, without a byte-order mark.

    PrimerError where it cannot be read, is no text, or is text of another encoding; it names the line.
    """
    return decoded(read_bytes(path), path)


def decoded(data: bytes, path: Path) -> str:
    """The same of a file that was read."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise PrimerError("the file is UTF-16", Location(shown(path)), hint="save it as UTF-8")
    if b"\0" in data:
        raise PrimerError("this is a binary file, not text", Location(shown(path)))
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + error.object.count(b"\n", 0, error.start)
        byte = error.object[error.start]
        where = Location(shown(path), line)
        raise PrimerError(f"byte 0x{byte:02X} is not UTF-8", where, hint="save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write_if_changed(path: Path, data: bytes) -> bool:
    """Give a file this content, and say whether it had another.

    It is written beside the target and then put in its place, so that nobody ever sees half a file.
    A file with equal content is not touched. A link stays a link. Raises PrimerError.
    """
    try:
        target = real(path)
        if target.is_file() and target.read_bytes() == data:
            return False
        _replace(target, data)
    except OSError as error:
        raise PrimerError(f"cannot write: {_reason(error)}", Location(shown(path))) from None
    return True


def _replace(target: Path, data: bytes) -> None:
    # Not the target's own name: with more behind it, a long one would be too long.
    stem = f".primer-anki-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}-"
    for left in target.parent.glob(f"{stem}*.tmp"):
        if not _is_at_work(left.name.removeprefix(stem).partition("-")[0]):
            left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(prefix=f"{stem}{os.getpid()}-", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _mode(target))
        os.replace(name, target)
        _settle(target.parent)
    except BaseException:  # Ctrl-C too leaves no rubbish behind
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _is_at_work(process: str) -> bool:
    """Whether the process that writes a file is alive; one that was killed leaves its file behind."""
    if not process.isdecimal() or sys.platform == "win32":  # there nobody can remove what is open
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def _settle(folder: Path) -> None:
    """Make a rename in a folder survive a power cut, where the system can."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _mode(target: Path) -> int:
    """The permissions that the file has, or that a new file would get (`mkstemp` gives 0600)."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
