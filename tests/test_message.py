"""What does a letter look like on the wire, and can a cell break out of its place?"""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rowcall.errors import DeliveryError
from rowcall.home import shipped
from rowcall.message import Attachment, Letter, address, build, dress, message_id, one_line, text_of
from rowcall.template import Templates
from tests.golden import Golden
from tests.letters import NOW, SAMPLES

LETTER = Letter(
    sender="Harbour Tea <orders@example.com>",
    to="zoe@example.com",
    subject="Your order",
    text="Thank you.",
    message_id=message_id("new-order|10023|1", "example.com"),
    sent_at=datetime(2026, 3, 5, 12, tzinfo=UTC),
)
LONG_DOMAIN = "a-very-long-name-of-a-mail-domain.that-does-not-fit.harbour-tea.example.com"


def wire(letter: Letter) -> EmailMessage:
    """Return the letter as a mail program reads it."""
    parsed = message_from_bytes(build(letter).as_bytes(), policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def raw_header(letter: Letter, name: str) -> str:
    return str(make_header(decode_header(message_from_bytes(build(letter).as_bytes())[name])))


def test_a_plain_letter() -> None:
    message = wire(LETTER)
    assert [
        (name, str(value)) for name, value in message.items() if name not in ("Content-Type", "MIME-Version")
    ] == [
        ("From", "Harbour Tea <orders@example.com>"),
        ("To", "zoe@example.com"),
        ("Subject", "Your order"),
        ("Date", "Thu, 05 Mar 2026 12:00:00 +0000"),
        ("Message-ID", LETTER.message_id),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Transfer-Encoding", "7bit"),
        ("Content-Language", "en"),
    ]
    assert message.get_content().strip() == "Thank you."


def test_html_has_a_text_beside_it() -> None:
    message = wire(replace(LETTER, text="", html="<p>One</p><p>Zwei ü</p>", language="zh"))
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content().strip().replace("\r\n", "\n"), html.get_content().strip()) == (
        "One\n\nZwei ü",
        "<p>One</p><p>Zwei ü</p>",
    )
    assert message["Content-Language"] == "zh-CN"


def test_two_reminders_thread_under_the_first_mail() -> None:
    first, second, third = (message_id(f"overdue|T-1|1|{n}", LONG_DOMAIN) for n in range(3))
    reminder = build(replace(LETTER, message_id=second, in_reply_to=first))
    last = replace(LETTER, message_id=third, in_reply_to=second, references=(first, second))
    assert len({first, second, third}) == 3
    assert (reminder["In-Reply-To"], reminder["References"]) == (first, first)
    message = wire(last)
    assert (message["In-Reply-To"], message["References"].split()) == (second, [first, second])
    assert build(last).as_bytes().count(b"=?utf-8") == 0  # ids folded as words would thread nothing


def test_a_message_id_is_the_keys_own() -> None:
    assert message_id("a", "example.com") == message_id("a", "example.com")
    assert message_id("a", "example.com") != message_id("b", "example.com")
    assert message_id("a", "exämple.com").endswith("@xn--exmple-cua.com>")
    assert len(message_id("a", "x.y").partition("@")[0]) == 41


@pytest.mark.parametrize("bad", ["\r\n", "\n", "\r", "\r\n\r\n", "\x00", "\u2028", "\x85", "\x0b\x0c"])
@pytest.mark.parametrize("field", ["subject", "to_name", "sender", "reply_to"])
def test_no_cell_adds_a_header(field: str, bad: str) -> None:
    told = {
        "subject": f"Hi{bad}Bcc: evil@example.com",
        "to_name": f"Zoë{bad}Bcc: evil@example.com",
        "sender": f"Tea{bad}Bcc: evil <orders@example.com>",
        "reply_to": f"Tea{bad}Bcc: evil <orders@example.com>",
    }[field]
    letter = replace(LETTER, **{field: told})  # type: ignore[arg-type]  # all four are texts
    assert wire(letter)["Bcc"] is None
    assert b"\nBcc" not in build(letter).as_bytes()


@pytest.mark.parametrize(
    "written",
    [
        "a@example.com\r\nBcc: evil@example.com",
        "a@example.com, b@example.com",
        "a@example.com; b@example.com",
        "Bob",
        "",
        "bob@",
        "@example.com",
        "a b@example.com",
        "a@b@example.com",
        "a@example..com",
        "a@example.com (note)",
        "<script>@example.com",
        "Bob <a@example.com> <b@example.com>",
        "zoë@example.com",
        "a@" + "x" * 80 + ".com",
    ],
)
def test_what_is_no_address_is_refused_for_ever(written: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        build(replace(LETTER, to=written))
    assert caught.value.permanent
    assert caught.value.fix
    assert one_line(written) in str(caught.value)


@pytest.mark.parametrize(
    ("written", "name", "spec"),
    [
        ("zoe@example.com", "", "zoe@example.com"),
        ("Zoë Müller <zoe@example.com>", "Zoë Müller", "zoe@example.com"),
        ('"Tea, Harbour" <tea@example.com>', "Tea, Harbour", "tea@example.com"),
        ("王小明 <wang@example.com>", "王小明", "wang@example.com"),
        (" tea@exämple.com ", "", "tea@xn--exmple-cua.com"),
    ],
)
def test_addresses(written: str, name: str, spec: str) -> None:
    read = address(written)
    assert (read.display_name, read.addr_spec) == (name, spec)


@pytest.mark.parametrize(
    "name",
    [
        "Zoë O'Neill",
        "王小明",
        'Dr. Jürgen "Jüppi" Müller-Lüdenscheidt, Büro für Außerordentliches (Süd) & Söhne',
        "Smith, John <CEO>",
        "a@b.cd",
        "=?utf-8?q?x?=",
        "😀 Tea",
    ],
)
def test_names_arrive_as_they_were(name: str) -> None:
    letter = replace(LETTER, to_name=name)
    assert raw_header(letter, "To").replace('\\"', '"').rpartition(" <")[0].strip('"') == name.strip('"') or (
        build(letter)["To"].addresses[0].display_name == name
    )
    assert [one.addr_spec for one in wire(letter)["To"].addresses] == ["zoe@example.com"]


def test_a_long_chinese_subject_arrives() -> None:
    subject = "您的订单已确认，感谢您的订购" * 12
    assert raw_header(replace(LETTER, subject=subject), "Subject") == subject


def test_copies_and_answers() -> None:
    letter = replace(
        LETTER, cc=("Anna <anna@example.com>", "ben@example.com"), reply_to="service@example.com"
    )
    message = wire(letter)
    assert str(message["Cc"]) == "Anna <anna@example.com>, ben@example.com"
    assert str(message["Reply-To"]) == "service@example.com"


def test_no_line_is_too_long_and_every_byte_is_ascii() -> None:
    letter = replace(LETTER, text="ü" * 5000 + "\n" + "x" * 5000, html="<p>" + "茶" * 5000 + "</p>")
    lines = build(letter).as_bytes().split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert all(line.isascii() and b"\n" not in line for line in lines)


def test_odd_characters_of_cells_do_no_harm() -> None:
    message = wire(replace(LETTER, subject="a\ud800b", text="x\x00y\ud800z"))
    assert (message["Subject"], message.get_content().strip()) == ("a?b", "xy?z")


def test_attachments() -> None:
    files = (
        Attachment("../etc/报表.csv", b"a\r\n"),
        Attachment("x\r\nBcc: e@x.y.txt", b"\x00\xff", "text/plain"),
    )
    message = wire(replace(LETTER, html="<p>x</p>", attachments=files))
    parts = list(message.iter_attachments())
    assert [part.get_filename() for part in parts] == [".._etc_报表.csv", "x Bcc_ e@x.y.txt"]
    assert [part.get_payload(decode=True) for part in parts] == [b"a\r\n", b"\x00\xff"]


def dressed(name: str, language: str) -> str:
    zone = ZoneInfo("Asia/Shanghai" if language == "zh" else "Europe/Berlin")
    templates = Templates(shipped("templates"), language, zone, "CNY" if language == "zh" else "EUR")
    fragment = templates.render_html_file(name, SAMPLES[language][name])
    shop = "海港茶铺" if language == "zh" else "Harbour Tea"
    return dress(fragment, subject="Subject", shop_name=shop, language=language, templates=templates)


SHIPPED = [(name, language) for language in SAMPLES for name in SAMPLES[language]]


@pytest.mark.parametrize(("name", "language"), SHIPPED)
def test_shipped_templates_read_as_agreed(name: str, language: str, golden: Golden) -> None:
    html = dressed(name, language)
    golden.check(f"{name.removesuffix('.html')}.{language}.html", html)
    golden.check(f"{name.removesuffix('.html')}.{language}.txt", text_of(html))


@pytest.mark.parametrize(("name", "language"), SHIPPED)
def test_shipped_templates_fit_dark_and_small_screens(name: str, language: str) -> None:
    html = dressed(name, language)
    assert "prefers-color-scheme: dark" in html
    assert "max-width: 600px" in html
    assert "max-width: 480px" in html
    assert 'class="body" style="' in html
    assert "<script" not in html
    assert "<link" not in html
    assert "src=" not in html


def test_every_shipped_template_has_a_sample_and_a_chinese_version() -> None:
    folder = shipped("templates")
    names = {file.name for file in folder.glob("*.html")}
    plain = {name for name in names if not name.endswith(".zh.html")}
    assert plain - {"layout.html", "because.html"} == set(SAMPLES["en"]) == set(SAMPLES["zh"])
    assert {name.replace(".html", ".zh.html") for name in plain - {"layout.html"}} == names - plain


@pytest.mark.parametrize(("name", "language"), SHIPPED)
def test_shipped_templates_ask_only_for_what_they_get(name: str, language: str) -> None:
    templates = Templates(shipped("templates"), language, ZoneInfo("UTC"), "EUR")
    known = {*SAMPLES[language][name], "shop.name", "because"}
    assert templates.check(name, known) == []
    assert templates.variables(name) <= known


def test_the_shops_own_layout_is_used(tmp_path: Path) -> None:
    (tmp_path / "layout.html").write_text(
        "<html><head><style>p { color: red } @import url(http://192.0.2.1/x.css);</style>"
        '<link rel="stylesheet" href="http://192.0.2.1/y.css"></head><body>{{ body }}{{ subject }}</body></html>'
    )
    own = Templates(tmp_path, "en", ZoneInfo("UTC"), "EUR")
    page = dress("<p>Hi</p>", subject="A <b>", shop_name="Tea", language="en", templates=own)
    assert '<p style="color: red;">Hi</p>A &lt;b&gt;' in page


def test_a_whole_page_is_not_put_into_another() -> None:
    page = dress("<html><body><p>Hi</p></body></html>", subject="S", shop_name="Tea", language="en")
    assert (page.count("<body"), "sent this mail" in page) == (1, False)


def test_the_notice_needs_nothing_but_a_headline() -> None:
    templates = Templates(Path("no-such-folder"), "en", ZoneInfo("UTC"), "EUR")
    empty = {"headline": "Held", "sentences": [], "columns": [], "rows": [], "what_to_do": "", "now": NOW}
    fragment = templates.render_html_file("notice.html", empty)
    assert text_of(fragment) == "Held"
    assert "Held" in dress(fragment, subject="Held", shop_name="Tea", language="en", templates=templates)
