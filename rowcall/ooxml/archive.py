"""How is a zip archive rewritten so that unchanged parts keep their very bytes?"""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from rowcall.errors import WorkbookError, WriteRefused
from rowcall.ooxml.packing import Packed, pack

_LARGEST_PART = 1 << 30
_IN_ZIP64 = 0xFFFFFFFF
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_ENCRYPTED, _DESCRIPTOR = 0x1, 0x8
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Archive:
    """The parts of a workbook file, by name."""

    def __init__(self, content: bytes, name: str, written: Mapping[str, Packed] | None = None) -> None:
        """Look into the bytes of a file; raises WorkbookError when they are no zip archive.

        written: parts that were put into this file. A stream found there byte for byte is unpacked only as far as
        that has never been done; `proven` then has it.
        """
        _check_kind(content, name)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except zipfile.BadZipFile as error:
            raise WorkbookError(
                f"{name} is damaged or still being copied: it is no complete Excel file.",
                fix="Open it in Excel and save it again, or wait until copying has finished.",
            ) from error
        self._content = content
        self._file = name
        self._written = written or {}
        self.proven: dict[str, Packed] = {}
        self.names = tuple(self._zip.namelist())

    def __contains__(self, part: str) -> bool:
        return part in self.names

    def read(self, part: str) -> bytes:
        """Return a part's content; raises WorkbookError when it is missing or damaged."""
        try:
            info = self._zip.getinfo(part)
            if info.flag_bits & _ENCRYPTED:
                raise WorkbookError(f"{self._file} is protected by a password.", permanent=True)
            if info.file_size > _LARGEST_PART:
                raise WorkbookError(
                    f"{self._file} holds a part of over 1 GB; it can't be read.", permanent=True
                )
            if part in self._written and self._holds(info, self._written[part]):
                self.proven[part] = self._written[part].proven()
                return self._written[part].content
            if info.compress_type == zipfile.ZIP_DEFLATED:
                return _inflate(self._content, info)
            return self._zip.read(info)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            struct.error,
            EOFError,
            NotImplementedError,
        ) as error:
            raise WorkbookError(
                f'{self._file} is damaged: its part "{part}" can\'t be read.',
                fix="Open it in Excel and save it again.",
            ) from error

    def _holds(self, info: zipfile.ZipInfo, packed: Packed) -> bool:
        about = info.compress_type, info.file_size, info.CRC
        wanted = zipfile.ZIP_DEFLATED, len(packed.content), packed.crc
        return about == wanted and packed.is_in(_stream(self._content, info))

    def rewritten(self, changed: Mapping[str, bytes | Packed]) -> bytes:
        """Return the archive with some parts changed; all others are copied as they are compressed."""
        infos = sorted(self._zip.infolist(), key=lambda info: info.header_offset)
        _check_copyable(self._content, infos, self._file)
        ends = [info.header_offset for info in infos[1:]] + [self._zip.start_dir]
        view = memoryview(self._content)
        out: list[bytes | memoryview] = [view[: infos[0].header_offset]]
        offsets: dict[int, tuple[int, bytes | None]] = {}
        at = infos[0].header_offset
        for info, end in zip(infos, ends, strict=True):
            if info.filename in changed:
                part = changed[info.filename]
                packed = part if isinstance(part, Packed) else pack(part)
                stream = packed.stream
                sizes = struct.pack("<3L", packed.crc, len(stream), len(packed.content))
                pieces: list[bytes | memoryview] = [
                    _local_header(self._content, info.header_offset, sizes),
                    stream,
                ]
                offsets[info.header_offset] = at, sizes
            else:
                pieces = [view[info.header_offset : end]]
                offsets[info.header_offset] = at, None
            out += pieces
            at += sum(map(len, pieces))
        return b"".join([*out, _directory(self._content, self._zip.start_dir, at, offsets)])


def _check_kind(content: bytes, name: str) -> None:
    if not content:
        raise WorkbookError(f"{name} is empty; perhaps it is still being copied.")
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise WorkbookError(
                f"{name} is protected by a password, so Rowcall can't read it.",
                permanent=True,
                fix="In Excel: File, Info, Protect Workbook, Encrypt with Password: empty the password.",
            )
        raise WorkbookError(
            f"{name} is in the old format of Excel 97 (.xls).",
            permanent=True,
            fix='In Excel: File, Save As, "Excel Workbook (*.xlsx)".',
        )
    if not content.startswith(b"PK"):
        raise WorkbookError(
            f"{name} is no Excel workbook (.xlsx).",
            permanent=True,
            fix='Save it as "Excel Workbook (*.xlsx)", or use the connector csv_folder for CSV files.',
        )


def _stream(content: bytes, info: zipfile.ZipInfo) -> memoryview:
    """Return a part's compressed bytes."""
    *_, name_length, extra_length = _LOCAL.unpack_from(content, info.header_offset)
    start = info.header_offset + _LOCAL.size + name_length + extra_length
    return memoryview(content)[start : start + info.compress_size]


def _inflate(content: bytes, info: zipfile.ZipInfo) -> bytes:
    """Return a part's content, in one go: zipfile's way through many small pieces takes half as long again."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    part = unpacker.decompress(_stream(content, info), info.file_size + 1)
    if len(part) != info.file_size or zlib.crc32(part) != info.CRC:
        raise zipfile.BadZipFile(info.filename)
    return part


def _check_copyable(content: bytes, infos: list[zipfile.ZipInfo], name: str) -> None:
    strange = [info for info in infos if info.flag_bits & _ENCRYPTED or info.header_offset >= _IN_ZIP64]
    names = {info.filename for info in infos}
    starts = infos[0].header_offset == 0 and all(
        content[info.header_offset :][:4] == b"PK\x03\x04" for info in infos
    )
    if strange or len(names) < len(infos) or not starts or b"PK\x06\x07" in content[-4096:]:
        raise WriteRefused(
            f"{name} is packed in an unusual way, so Rowcall does not write into it.",
            fix="Open it in Excel and save it again.",
        )


def _local_header(content: bytes, at: int, sizes: bytes) -> bytes:
    mark, version, flags, _, time, date, _, _, _, name_length, _ = _LOCAL.unpack_from(content, at)
    name = content[at + _LOCAL.size : at + _LOCAL.size + name_length]
    crc, packed, size = struct.unpack("<3L", sizes)
    header = _LOCAL.pack(
        mark,
        version,
        flags & ~_DESCRIPTOR,
        zipfile.ZIP_DEFLATED,
        time,
        date,
        crc,
        packed,
        size,
        name_length,
        0,
    )
    return header + name


def _directory(content: bytes, at: int, start: int, offsets: Mapping[int, tuple[int, bytes | None]]) -> bytes:
    """Return the central directory with new offsets (and sizes of changed parts), all else as it was."""
    out = bytearray()
    while content[at : at + 4] == b"PK\x01\x02":
        fields = list(_CENTRAL.unpack_from(content, at))
        name_length, extra_length, comment_length = fields[10:13]
        end = at + _CENTRAL.size + name_length + extra_length + comment_length
        rest = content[at + _CENTRAL.size : end]
        fields[16], sizes = offsets[fields[16]]
        if sizes is not None:
            fields[3] &= ~_DESCRIPTOR
            fields[4] = zipfile.ZIP_DEFLATED
            fields[7:10] = struct.unpack("<3L", sizes)
            rest = rest[:name_length] + rest[name_length + extra_length :]
            fields[11] = 0
        out += _CENTRAL.pack(*fields) + rest
        at = end
    end_at = content.index(b"PK\x05\x06", at)
    mark, disk, start_disk, here, total, _, _, comment = _END.unpack_from(content, end_at)
    tail = content[end_at + _END.size :]
    return bytes(out) + _END.pack(mark, disk, start_disk, here, total, len(out), start, comment) + tail
