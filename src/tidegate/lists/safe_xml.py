"""XML of strangers: no entities, no DTD, no network, a limit on depth and size; namespaces are dropped."""

from __future__ import annotations

from lxml import etree

from tidegate.errors import InputUnreadable

MAX_BYTES = 512 * 1024 * 1024


def parse_xml(data: bytes) -> etree._Element:
    """Return the root of `data` with namespaces taken off. Raises InputUnreadable for anything unsafe or broken."""
    if len(data) > MAX_BYTES:
        raise InputUnreadable(f"the list has {len(data)} bytes; at most {MAX_BYTES} are read", code="list-too-large")
    if b"<!ENTITY" in data[:65536] or b"<!DOCTYPE" in data[:65536]:
        raise InputUnreadable(
            "the list's XML declares a DOCTYPE or entities; official lists have none: get it again from its publisher",
            code="xml-unsafe",
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        raise InputUnreadable(f"the list is no well-formed XML: {problem.msg}", code="xml-broken") from problem
    for node in root.iter():
        if isinstance(node.tag, str) and "}" in node.tag:
            node.tag = node.tag.rpartition("}")[2]
    return root


def child_text(node: object, path: str) -> str:
    """Return the text at `path` under `node` with blanks folded, or "" (no-break spaces count as blanks)."""
    found: etree._Element | None = node if path == "." else node.find(path)  # type: ignore[assignment, attr-defined]
    text = found.text if found is not None else None
    return " ".join(text.split()) if text else ""
