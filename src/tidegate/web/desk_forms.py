"""Fields of a message kind as fields of a form, made from the kind itself: its names, its checks, its codes."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tidegate.exchange import values
from tidegate.exchange.kinds.catalogue import KINDS
from tidegate.exchange.message import Message
from tidegate.exchange.values import Check
from tidegate.gate.terms import KindTerms
from tidegate.node import effects
from tidegate.web.desk_visit import Visit
from tidegate.web.desk_words import choice
from tidegate.wording.refusals import field_name
from tidegate.wording.sentences import say

# Fields that one message may tell several times: a line of the form each.
MANY = frozenset(
    {"item", "member_role", "other_names", "reason_code", "question", "answer_code", "statement", "pillar"}
)
# What an answer says again from the message it answers, where the officer need not type it.
REPEATED = frozenset({"meeting", "pledge", "subject_name", "subject_registration", "subject_account",
                      "subject_consignment", "question", "consignor", "consignee", "payer", "payee"})  # fmt: skip
TODAY = frozenset({"decision_day"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. control: day, choice, lines, words or line. hint: what is expected, in words."""

    name: str
    label: str
    control: str
    required: bool
    value: str
    hint: str
    choices: Sequence[tuple[str, str]] = ()


def fields_of(kind_id: str, terms: KindTerms | None, *, asked: Message | None, today: date, lang: str) -> list[Field]:
    """Return the fields of an answer of `kind_id` to `asked`, those that must stand first.

    Only fields the agreement lets go are offered. today: filled in as the day of a decision.
    """
    kind = KINDS[kind_id]
    names = [name for name in kind.fields if terms is None or name in terms.fields]
    order = {name: place for place, name in enumerate(kind.fields)}
    names.sort(key=lambda name: (name not in kind.must, order[name]))
    fields = []
    for name in names:
        if name == "answer_code" and asked is not None and asked.values().get("question"):
            fields += _answers(asked, kind.fields[name], lang)
        elif name != "question" or "answer_code" not in kind.fields or asked is None:
            given = _given(name, asked, today)
            many = tells_many(kind_id, name)
            fields.append(_field(name, kind.fields[name], name in kind.must, given, many, lang))
    return fields


def codes_of(check: Check) -> tuple[str, ...]:
    """Return the codes that a check made by `values.one_of` allows, () for any other check.

    They are read from the check itself, so that a form can never offer what the kind would refuse.
    """
    allowed = inspect.getclosurevars(check).nonlocals.get("allowed")
    return tuple(sorted(allowed)) if isinstance(allowed, frozenset) else ()


def tells_many(kind_id: str, name: str) -> bool:
    """Tell whether a message of this kind may tell the field several times."""
    return name in MANY or (kind_id == "meeting_agenda" and name.startswith("text_"))


def values_of(visit: Visit, kind_id: str) -> Mapping[str, Sequence[str]]:
    """Return what the form tells for the fields of a kind: property -> values, empty ones left out."""
    told: dict[str, list[str]] = {}
    for name in KINDS[kind_id].fields:
        given = visit.said_all(f"f_{name}")
        if tells_many(kind_id, name):
            given = [line.strip() for value in given for line in value.splitlines()]
        else:
            given = [value.strip().replace("\r\n", "\n") for value in given]
        filled = [value for value in given if value]
        if filled:
            told[name] = filled
    return told


def _answers(asked: Message, check: Check, lang: str) -> list[Field]:
    """Return one field for each question asked: the question goes back with its answer, in the same order."""
    choices = [(code, choice(f"choice.{code}", lang)) for code in codes_of(check)]
    return [
        Field("answer_code", choice(f"choice.{question}", lang), "answer", True, question, "", choices)
        for question in asked.values()["question"]
    ]


def _given(name: str, asked: Message | None, today: date) -> str:
    if name in TODAY:
        return today.isoformat()
    if asked is None:
        return ""
    if name == "about":
        return asked.id
    if name == "minutes_digest":
        return effects.minutes_of(asked).digest() if asked.kind == "minutes_text" else ""
    return "\n".join(asked.values().get(name, ())) if name in REPEATED else ""


def _field(name: str, check: Check, required: bool, value: str, many: bool, lang: str) -> Field:
    codes = codes_of(check)
    choices: list[tuple[str, str]] = []
    if codes and not many:
        control = "choice"
        choices = [(code, choice(f"choice.{code}", lang)) for code in codes]
    elif codes:
        control = "picks"
        choices = [(code, choice(f"choice.{code}", lang)) for code in codes]
    elif check is values.day:
        control = "day"
    elif many:
        control = "lines"
    elif check is values.text:
        control = "words"
    else:
        control = "line"
    expected = check("\x00")
    shown = control in ("line",) and expected is not None and expected not in ("value.name", "value.code")
    hint = say(expected, lang) if shown and expected else ""
    if control == "lines":
        hint = say("desk.form.one-a-line", lang)
    return Field(name, field_name(name, lang), control, required, value, hint, choices)
