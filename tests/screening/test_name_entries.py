"""What an index holds of a name is what the rules give, however the names were shared out."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.screening.test_name_pack import WORDS
from tidegate.screening.name_entries import form_doors, form_readings, gram_text, read_forms, read_share
from tidegate.screening.name_keys import analyse
from tidegate.screening.name_pack import join_packs, pack_forms

KINDS = st.sampled_from([None, "person", "firm", "vessel"])
TEXTS = st.one_of(
    st.text(max_size=25),
    WORDS.map(" ".join),
    st.lists(st.sampled_from(["MV", "Capt", "Sr", "y", "e", "B.", "LLC", "Hua", "Sheng", "Otti", "two", "-", ",", "(", ")", "'s", "inc"]), max_size=6).map(" ".join),
)  # fmt: skip


@given(TEXTS, KINDS)
@settings(max_examples=400, deadline=None)
@example("HERON, Ottilie", "person")
@example("Hua Sheng", "firm")
@example("MV Walrus", "vessel")
def test_the_forms_of_a_name_are_those_of_its_kind_and_of_an_untold_one(name, kind):
    wanted = analyse(name) if kind is None else (*analyse(name, kind), *analyse(name))
    if kind == "firm" and all(form.kind == "firm" for form in analyse(name)):
        wanted = analyse(name)
    assert read_forms(name, kind) == wanted


@given(st.lists(st.lists(st.tuples(TEXTS, KINDS), max_size=4), min_size=1, max_size=4), st.data())
@settings(max_examples=60, deadline=None)
def test_packs_joined_are_the_chosen_forms_packed_at_once(names, data):
    shares = [read_share(list(dict.fromkeys(ones))) for ones in names]
    forms = [form for share in shares for form in share.forms]
    chosen = data.draw(st.lists(st.sampled_from(range(len(forms))), unique=True).map(sorted)) if forms else []
    joined, wanted = join_packs([share.pack for share in shares], chosen), pack_forms([forms[at] for at in chosen])
    assert joined.size == wanted.size
    assert [bytes(one) for one in joined.buffers] == [bytes(one) for one in wanted.buffers]
    assert all(
        np.asarray(one).dtype == np.asarray(two).dtype for one, two in zip(joined.buffers, wanted.buffers, strict=True)
    )
    for share in shares:
        told = [(form_doors(form), form_readings(form), gram_text(form)) for form in share.forms]
        plain = [[door for door in entry[1] if door[:2] != "r:"] for entry in share.entries]  # spelled otherwise: apart
        assert [(doors, entry[2], entry[4]) for doors, entry in zip(plain, share.entries, strict=True)] == told
