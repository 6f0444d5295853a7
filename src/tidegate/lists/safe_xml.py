"""XML of strangers: no entities, no DTD, no network, a limit on depth and size; namespaces are dropped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tidegate.lists.faults import list_unreadable

if TYPE_CHECKING:
    from lxml import etree

MAX_BYTES = 512 * 1024 * 1024
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_xml(data: bytes, name: str = "") -> etree._Element:
    """Return the root of `data` with namespaces taken off. Raises ListUnreadable for anything unsafe or broken."""
    if len(data) > MAX_BYTES:
        raise list_unreadable("too-large", file=name, bytes=len(data), most=MAX_BYTES)
    from lxml import etree  # most lists are no XML

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        if b"<!ENTITY" in data[:65536]:  # a broken entity is an entity still
            raise list_unreadable("xml-unsafe", file=name) from problem
        line = getattr(problem, "lineno", None) or 0
        raise list_unreadable("xml-broken", file=name, line=line, problem=str(problem)[:120]) from problem
    # Looked for in the parsed tree: in UTF-16 no search of the bytes would find the word.
    if root.getroottree().docinfo.internalDTD is not None:
        raise list_unreadable("xml-unsafe", file=name)
    for node in root.iter():
        if isinstance(node.tag, str) and "}" in node.tag:
            node.tag = node.tag.rpartition("}")[2]
    return root


def child_text(node: etree._Element, path: str) -> str:
    """Return the text at `path` under `node` with blanks folded, or "" (no-break spaces count as blanks)."""
    found: etree._Element | None = node if path == "." else node.find(path)
    text = found.text if found is not None else None
    return " ".join(text.split()) if text else ""


def iso_day(text: str) -> str:
    """Return 10/16/2017 or 2017-10-16 as 2017-10-16; "" for anything else or a year after 2100 (a slip in the list)."""
    text = text.strip()
    if found := _US_DAY.fullmatch(text):
        month, day, year = (int(part) for part in found.groups())
        text = f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""
    found = _ISO_DAY.match(text)
    return found.group() if found and found.group() < "2100" else ""
