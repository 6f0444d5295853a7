"""Scene 6: the winter after resumption. A firm is closed, a payment is held, sharing is taken up again. All invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import resources

from tidegate.demo.agreement import AGREEMENT_ID, CASE_PURPOSE, EXPORTING, IMPORTING
from tidegate.demo.scenes_summer import LIAISON, SECOND
from tidegate.demo.stage import Stage
from tidegate.demo.stage_checks import Scene, granted
from tidegate.demo.world import make_consignments
from tidegate.engines.local import LocalEngine
from tidegate.files.screening_run import screen_files
from tidegate.gate.refusal import Refusal
from tidegate.lists.reading import read_list
from tidegate.node import cases, standing
from tidegate.node.node import Node
from tidegate.node.reading import received_messages
from tidegate.node.watch_list import watch_list_csv
from tidegate.registers.substances import load_register
from tidegate.screening.names import build_index
from tidegate.screening.plan import ScreeningPlan
from tidegate.talks.act import read_act
from tidegate.talks.act import standing as standing_of

WINTER = datetime(2023, 12, 12, 9, 0, tzinfo=UTC)
CAP = 3
SHARED_FIELDS = frozenset(
    {
        "date",
        "consignor",
        "consignee",
        "goods_description",
        "hs_code",
        "net_mass_kg",
        "origin_country",
        "destination_country",
    }
)


def acts(stage: Stage, scene: Scene) -> None:
    """A company is closed, a payment is held at a bank and the count comes back, a lane is shared up to a cap."""
    stage.set_time(WINTER)
    _close_company(stage, scene)
    _hold_payment(stage, scene)
    _share_lane(stage, scene)


def tell(
    node: Node,
    recipient: str,
    *,
    pillar: str,
    kind: str,
    values: list[tuple[str, str]],
    title: str,
    tlp: str = "AMBER",
    in_reply_to: str = "",
    purpose: str = CASE_PURPOSE,
) -> str:
    """Say one thing to the partner: a case, its facts, the proposal, a second officer's Yes. Returns the proposal's id."""
    case_id = cases.open_new_case(node, title=title, pillar=pillar, officer=LIAISON)
    proposal_id = cases.compose(
        node,
        case_id,
        agreement_id=AGREEMENT_ID,
        recipient=recipient,
        pillar=pillar,
        kind=kind,
        purpose=purpose,
        values=values,
        officer=LIAISON,
        tlp=tlp,
        in_reply_to=in_reply_to,
    )
    granted(cases.approve_proposal(node, proposal_id, officer=SECOND))
    return proposal_id


def act_by_pillar(node: Node, pillar: str) -> tuple[str, dict[str, object]]:
    """Return (id, document) of the latest act of one pillar at a node."""
    with node.transaction() as tx:
        found = [(key, body) for key, body in tx.find("act", pillar=pillar)]
    return found[-1]


def _close_company(stage: Stage, scene: Scene) -> None:
    a, b = stage.importing, stage.exporting
    tell(
        b,
        IMPORTING.id,
        pillar="production",
        kind="company_notice",
        title="青螺薄荷糖香料有限公司",
        values=[
            ("name", "Qingluo Bohetang Fragrance Co., Ltd."),
            ("name_local", "青螺薄荷糖香料有限公司"),
            ("address", "Teapot Lane 9, Sample Port"),
            ("state", "closed"),
            ("state_day", "2023-12-08"),
            ("authority", "Invented licensing office"),
        ],
    )
    tell(
        b,
        IMPORTING.id,
        pillar="production",
        kind="act_report",
        title="company closed",
        tlp="CLEAR",
        values=[
            ("act", "company_closed"),
            ("in_force_day", "2023-12-08"),
            ("announced_day", "2023-12-12"),
            ("count", "1"),
            ("unit", "company"),
            ("attribution", "official"),
        ],
    )
    stage.wait_quiet()
    act_id, body = act_by_pillar(a, "production")
    claimed = standing_of(read_act(body)).kind
    tell(
        a,
        EXPORTING.id,
        pillar="production",
        kind="act_confirmation",
        title="company closed: confirmed",
        tlp="CLEAR",
        in_reply_to=act_id,
        values=[("about", act_id), ("standing", "confirmed")],
    )
    stage.wait_quiet()
    kinds = {standing_of(read_act(act_by_pillar(node, "production")[1])).kind for node in (a, b)}
    scene.check(claimed == "claimed" and kinds == {"confirmed"}, "company-closed")


def _hold_payment(stage: Stage, scene: Scene) -> None:
    a, b = stage.importing, stage.exporting
    tell(
        a,
        EXPORTING.id,
        pillar="financing",
        kind="payment_block_request",
        title="payments to 7777-0417-00",
        values=[
            ("account", "7777-0417-00"),
            ("holder", "Moon Rabbit Silver Sail Fine Chemical Co., Ltd"),
            ("legal_ground", "Invented order on suspected diversion"),
            ("order_number", "INV-2023-118"),
            ("authority", "Invented financial intelligence unit"),
            ("starts", "2023-12-12"),
            ("ends", "2024-06-30"),
            ("act_wanted", "delay"),
        ],
    )
    stage.wait_quiet()
    listed = stage.folder / "blocks.csv"
    listed.write_bytes(watch_list_csv(b, date(2023, 12, 18)))
    payment = stage.folder / "payment.xml"
    payment.write_bytes(resources.files("tidegate.demo").joinpath("data/payment.xml").read_bytes())
    plan = ScreeningPlan(register=load_register(), index=build_index([read_list(listed)]), on=date(2023, 12, 18))
    screened = screen_files([payment], plan, LocalEngine().run)
    held = [one for one in screened.findings() if one.finding.level == "hold"]
    rows = {one.place for one in held}
    scene.check(screened.rows() == 2 and len(rows) == 1, "payment-held", rule=held[0].finding.rule if held else "-")
    with b.transaction() as tx:
        request = next(each for each in received_messages(tx) if each.kind == "payment_block_request")
    tell(
        b,
        IMPORTING.id,
        pillar="financing",
        kind="act_report",
        title="payment held",
        tlp="CLEAR",
        in_reply_to=request.id,
        values=[
            ("act", "payment_held"),
            ("effect_day", "2023-12-18"),
            ("count", str(len(rows))),
            ("unit", "payment"),
            ("attribution", "official"),
        ],
    )
    stage.wait_quiet()
    act = read_act(act_by_pillar(a, "financing")[1])
    scene.check(act.counts[0].number == 1 and act.counts[0].by == EXPORTING.id, "count-comes-back")


def _share_lane(stage: Stage, scene: Scene) -> None:
    b = stage.exporting
    standing_id = standing.draft_standing(
        b,
        agreement_id=AGREEMENT_ID,
        recipient=IMPORTING.id,
        pillar="distribution",
        kind="consignment_data",
        purpose=CASE_PURPOSE,
        fields=SHARED_FIELDS,
        origin="CN",
        destination="MX",
        cap=CAP,
        period_days=30,
        valid_from=date(2023, 12, 1),
        valid_until=date(2024, 11, 30),
        officer=LIAISON,
    )
    granted(standing.approve_standing(b, standing_id, officer=SECOND))
    rows = [row for row in make_consignments(stage.seed) if row["destination_country"] == "MX"][: CAP + 1]
    left, refused = [], []
    for row in rows:
        record = {
            **row,
            "net_mass_kg": row["net_mass_kg"].removesuffix(" kg"),
            "hs_code": row["hs_code"].replace(".", ""),
        }
        case_id = cases.open_new_case(
            b, title=row["consignment_id"], pillar="distribution", officer=LIAISON, record=record, source="manifest"
        )
        shared = standing.share_record(b, standing_id, case_id)
        if isinstance(shared, Refusal):
            refused.append(shared.code)
        else:
            left.append(shared[1])
    stage.wait_quiet()
    with stage.importing.transaction() as tx:
        got = [each for each in received_messages(tx) if each.kind == "consignment_data"]
    told = {each.property for message in got for each in message.statements}
    scene.check(
        len(got) == CAP and left == [2, 1, 0] and refused == ["standing-cap-reached"] and told <= SHARED_FIELDS,
        "lane-shared",
        cap=CAP,
        fields=len(told),
    )
