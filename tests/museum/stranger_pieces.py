"""Strangers: encodings, separators, quotes, archives, nested records and odd messages."""

from __future__ import annotations

import gzip
import io
import json

from tests.museum.makers import Piece, csv, iftmin, pacs008, plain_workbook, repacked, with_column, zipped

_SHIP = "Shipper,Consignee,Goods,Net weight (kg)\n"
_ES = "Remitente;Destinatario;Descripción;Peso neto (kg)\nExportadora Ñandú;Vega Púrpura;jabón de baño;12,5\n"
_RU = "Shipper,Consignee,Goods\nООО Полярный Заяц,Маяк Трейдинг,стеклянные бусы\n"
_KO = "Shipper,Consignee,Goods\n북극토끼화학 주식회사,등대무역,유리구슬\n"
_AR = "Shipper,Consignee,Goods\nشركة أرنب القطب,منارة للتجارة,خرز زجاجي\n"
_JA = "Shipper,Consignee,Goods\nほくと商事株式会社,灯台貿易株式会社,ガラス玉\n"
_GUESSED = ("files.encoding-guessed",)


def strangers() -> list[Piece]:
    """Return the pieces of this room."""
    return [*_encodings(), *_separators(), *_values(), *_archives(), *_records(), *_messages()]


def _encodings() -> list[Piece]:
    def told(name: str, text: str, codec: str, consignor: str) -> Piece:
        return Piece(name, text.encode(codec), (1,), cells={"consignor": (consignor,)}, notes=_GUESSED)

    zh = "发货人,收货人,品名\n北极兔化工有限公司,云铜商贸有限公司,玻璃珠\n"
    return [
        told("cyrillic_of_windows.csv", _RU, "cp1251", "ООО Полярный Заяц"),
        told("cyrillic_of_unix.csv", _RU, "koi8_r", "ООО Полярный Заяц"),
        told("arabic_of_windows.csv", _AR, "cp1256", "شركة أرنب القطب"),
        told("hangul.csv", _KO, "cp949", "북극토끼화학 주식회사"),
        told("shift_jis.csv", _JA, "cp932", "ほくと商事株式会社"),
        told("euc_jp.csv", _JA, "euc_jp", "ほくと商事株式会社"),
        told("spanish_of_dos.csv", _ES, "cp850", "Exportadora Ñandú"),
        told("spanish_of_old_macs.csv", _ES, "mac_roman", "Exportadora Ñandú"),
        Piece("lines_of_two_encodings.csv", zh.encode() + "北极兔化工有限公司,云铜商贸有限公司,滚珠轴承\n".encode("gbk"), (2,),
              cells={"consignor": ("北极兔化工有限公司",) * 2}, notes=("files.encodings-mixed",)),
        Piece("stray_byte_in_utf8.csv", "Shipper,Consignee\nLantern,Vega Púrpura\n".encode() + b"Caf\xe9 Quay,Vega\n", (2,),
              cells={"consignor": ("Lantern", "Café Quay"), "consignee": ("Vega Púrpura", "Vega")}),
        Piece("encoded_twice.csv", "Shipper,Consignee\nCafé Añil,Vega Púrpura\n".encode().decode("latin-1").encode(), (1,),
              cells={"consignor": ("Café Añil",)}, notes=("files.encoded-twice",)),
        Piece("mark_twice_and_end_of_file_sign.csv", b"\xef\xbb\xbf\xef\xbb\xbfShipper,Consignee\nLantern,Vega\n\x1a", (1,)),
    ]  # fmt: skip


def _separators() -> list[Piece]:
    plain = f"{_SHIP}Lantern Quay,Vega,beads,12\nLantern Quay,Cobre,drums,13\n"
    swallowed = f'{_SHIP}Lantern,Vega,"beads,12\nLantern,Cobre,drums,13\nLantern,Cobre,"ok",14\nLantern,Nube,tins,15\n'
    wide = ",".join(["Shipper", "Consignee", *(f"x{n}" for n in range(1500))])
    return [
        Piece("tildes.txt", plain.replace(",", "~").encode(), (2,), net=("12", "13")),
        Piece("signs_of_control.txt", plain.replace(",", "\x01").encode(), (2,), net=("12", "13")),
        Piece("commas_of_full_width.csv", plain.replace(",", "，").encode(), (2,), net=("12", "13")),
        Piece("apostrophes_as_quotes.csv", f"{_SHIP}'Lantern, Quay','Vega','beads',12\n".encode(), (1,), net=("12",)),
        Piece("blank_before_the_quote.csv", f'{_SHIP}"Lantern, Quay", "Vega, S.A.", "beads", "12"\n'.encode(), (1,), net=("12",)),
        Piece("backslash_before_the_quote.csv", f'{_SHIP}"Lantern \\"Quay\\" Co","Vega","beads",12\n'.encode(), (1,),
              cells={"consignor": ('Lantern "Quay" Co',)}),
        Piece("every_line_in_quotes.csv", "\n".join(f'"{line}"' for line in plain.splitlines()).encode(), (2,), net=("12", "13")),
        Piece("rows_swallowed_by_a_quote.csv", swallowed.encode(), (4,), (("2", "files.quote-open"),), net=("12", "13", "14", "15")),
        Piece("more_columns_than_are_read.csv", f"{wide}\nLantern,Vega{',1' * 1500}\n".encode(), (1,),
              notes=("files.columns-left-out",)),
    ]  # fmt: skip


def _values() -> list[Piece]:
    masses = ("2x25kg", "25公斤/桶*10桶", "2 short tons", "五百公斤", "abt 500 kgs", "1200KG/2645LBS", "1200¹")
    codes = "Shipper,Consignee,HS code,CAS\nL,V,1022100,'79-03-8\nL,V,Jan-05,5/1/2024\n"
    days = (
        "05/03/2567",
        "令和6年3月5日",
        "二千零二十四年三月五日",
        "2024年3月5日10时30分",
        "5 марта 2024",
        "16/03/2024",
    )
    dde = f"{_SHIP}+cmd|'/c calc'!A0,Vega,beads,=12*100\n"
    return [
        Piece("masses_in_many_words.csv", with_column(5, masses).encode(), (7,),
              net=("50", "250", "1814.36948", "500", "500", "1200", "1200")),
        Piece("codes_that_lost_a_zero_or_became_days.csv", codes.encode(), (2,),
              (("2", "files.hs-zero-lost"), ("3", "files.hs-became-day"), ("3", "files.cas-became-day")),
              cells={"hs_code": ("01022100", "Jan-05"), "cas": ("79-03-8", "5/1/2024")}),
        Piece("days_of_other_calendars.csv", with_column(1, days).encode(), (6,), dates=("2024-03-05",) * 5 + ("2024-03-16",)),
        Piece("call_of_another_program.csv", dde.encode(), (1,), (("2", "files.formula-as-text"),)),
        Piece("currency_settles_thousands.csv", b"Shipper;Consignee;Amount (EUR)\nL;V;1.200\nL;V;800\n", (2,),
              cells={"value": ("1200", "800")}),
        Piece("serials_of_1904.xlsx", repacked(plain_workbook((("Shipper", "Consignee", "Date"), ("L", "V", 43894))), _from_1904),
              (1,), dates=("2024-03-05",)),
    ]  # fmt: skip


def _from_1904(name: str, content: bytes) -> bytes:
    return content.replace(b"<workbookPr", b'<workbookPr date1904="1"') if name == "xl/workbook.xml" else content


def _archives() -> list[Piece]:
    table = f"{_SHIP}Lantern,Vega,beads,12\n".encode()
    several = {
        "a/goods.csv": table,
        "../../b/goods.csv": table,
        "read.txt": b"Dear colleague",
        "in.zip": zipped({"x.csv": table}),
    }
    return [
        Piece("table.csv.gz", gzip.compress(table), (1,), net=("12",)),
        Piece("cut_in_the_middle.csv.gz", gzip.compress(table)[:40], None, code="files.archive-damaged"),
        Piece("bomb.csv.gz", gzip.compress(bytes(32 << 20)), None, code="files.archive-too-large"),
        Piece("several_files.zip", zipped(several), (1, 1), notes=("files.archive-nested", "files.no-header")),
        Piece("too_many_files.zip", zipped({f"{n}.csv": b"a" for n in range(201)}), None, code="files.archive-too-many"),
        Piece("paper.pdf", b"%PDF-1.7\nShipper, Consignee\nLantern, Vega\n", None, code="files.shape-unknown"),
        Piece("password.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "EncryptedPackage".encode("utf-16-le") + bytes(996),
              None, code="files.password"),
    ]  # fmt: skip


def _records() -> list[Piece]:
    import pyarrow as pa
    from pyarrow import parquet

    goods = [{"description": "beads", "net_kg": 1.5}, {"description": "drums", "net_kg": 2}]
    nested = {
        "shipment": {
            "shipper": {"name": "Lantern", "address": {"country": "CN"}},
            "consignee": {"name": "Vega"},
            "goods": goods,
        }
    }
    keys = '{"shipper":"L","consignee":"V"}\n{"Shipper":"Quay","consignee":"V"}\n'
    out = io.BytesIO()
    parquet.write_table(pa.table({"shipper": [{"name": "Lantern", "country": "CN"}], "consignee": [b"Vega"]}), out)
    return [
        Piece("parties_above_their_goods.jsonl", json.dumps(nested).encode(), (2,), net=("1.5", "2"),
              cells={"consignor": ("Lantern",) * 2, "consignor_country": ("CN",) * 2, "source_row": ("1/goods[1]", "1/goods[2]")}),
        Piece("keys_in_two_cases.jsonl", keys.encode(), (2,), cells={"consignor": ("L", "Quay")}),
        Piece("objects_in_a_row.json", b'{"shipper":"L","consignee":"V"}\n  {"shipper":"M",\n"consignee":"V"}', (2,)),
        Piece("records_by_id.json", b'{"a":{"shipper":"L","consignee":"V"},"b":{"shipper":"M","consignee":"V"}}', (2,)),
        Piece("columns_and_data.json", b'{"columns":["shipper","consignee"],"data":[["L","V"],["M","V"]]}', (2,)),
        Piece("half_a_surrogate_pair.json", b'[{"shipper":"Lan\\ud800tern","consignee":"V"}]', (1,)),
        Piece("structs_and_bytes.parquet", out.getvalue(), (1,), cells={"consignor": ("Lantern",), "consignee": ("Vega",)}),
    ]  # fmt: skip


def _messages() -> list[Piece]:
    document = pacs008().decode()
    bare = document.replace(' xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"', "")
    mt = "{1:F01BANKBEBBAXXX0000000000}{2:I103BANKDEFFXXXXN}{4:\n:20:REF1\n:32A:240305EUR1200,50\n-}"
    page = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"b\"\n\n--b\nContent-Type: text/html\n\n<table><tr><td>Shipper" \
           "</td><td>Consignee</td></tr><tr><td>Lantern</td><td>Vega</td></tr></table>\n--b--\n"  # fmt: skip
    plain = csv(("Shipper", "Consignee"), (("Lantern", "Vega"),))
    edi = iftmin().replace("GID+1", "NAD+ZZ+++MYSTERY PARTY'GID+1").replace("KGM:1200.5", "TON:5")
    return [
        Piece("payment_without_namespace.xml", bare.encode(), (1,), cells={"payer": ("Lantern Quay Trading",)}),
        Piece("payments_in_a_row.xml", (document + document).encode(), (1, 1)),
        Piece("payment_in_wrong_bytes.xml", document.encode("latin-1"), (1,), cells={"payee": ("Vega Púrpura",)},
              notes=("files.encodings-mixed",)),
        Piece("swift_mt.txt", mt.encode(), None, code="files.financial-text"),
        Piece("page_saved_in_one_file.xls", page.encode(), (1,), cells={"consignor": ("Lantern",)}),
        Piece("party_without_a_column.edi", edi.encode("latin-1"), (1,), (("UNH[1]/GID[1]", "quantity.ton"),),
              notes=("files.party-left-out",)),
        Piece("blank_lines_above.csv", f"\n\n\n{plain}".encode(), (1,)),
    ]  # fmt: skip
