"""Safe XML: a document parsed without document type, entities, network or endless depth."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from tidegate.errors import InputUnreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_XML_BYTES = 256 << 20
MAX_DEPTH = 100
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def parse_xml(file: str, data: bytes) -> _Element:
    """Return the root element; comments and processing instructions are left out.

    Raises InputUnreadable for a document type or entity, broken XML, more than MAX_XML_BYTES, a text above 10 MB or
    more than MAX_DEPTH levels. Nothing outside `data` is ever opened.
    """
    from lxml import etree

    if len(data) > MAX_XML_BYTES:
        raise InputUnreadable(
            f"{file}: {len(data) >> 20} MB of XML, more than is read at once. Split the file",
            code="files.file-too-large",
            file=file,
            megabytes=len(data) >> 20,
        )
    # Two bytes a sign hide the word from a search of bytes, so zeros are left out first.
    if _DOCTYPE.search(data[: 1 << 20].replace(b"\x00", b"")):
        raise _unsafe(file)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data.removeprefix(codecs.BOM_UTF8).lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        line = getattr(exc, "lineno", 0) or 0
        if "too long" in str(exc) or "size limit" in str(exc):
            raise InputUnreadable(
                f"{file}: a text in the XML is longer than any message holds (line {line}). Ask the sender for it again",
                code="files.xml-text-too-long",
                file=file,
                line=line,
            ) from exc
        raise InputUnreadable(
            f"{file}: the XML is broken at line {line}. Ask the sender for the message again",
            code="files.xml-broken",
            file=file,
            line=line,
        ) from exc
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.system_url:
        raise _unsafe(file)
    _check_depth(file, root)
    return root


def local_name(element: _Element) -> str:
    """Return the name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _check_depth(file: str, root: _Element) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise InputUnreadable(
        f"{file}: the XML is nested deeper than {MAX_DEPTH} levels, as no message is. Ask the sender for it again",
        code="files.xml-broken",
        file=file,
        line=level[0].sourceline or 0,
    )


def _unsafe(file: str) -> InputUnreadable:
    return InputUnreadable(
        f"{file}: the XML holds a document type or entities, which are never read. Ask for the message without them",
        code="files.xml-unsafe",
        file=file,
    )
