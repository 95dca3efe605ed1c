"""What does the mailer say and do when the server is well, refuses, hangs up, or is not who it claims?"""

import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from traceback import format_exception

import pytest

from rowcall.errors import DeliveryError, DeliveryUncertain
from rowcall.mailbox import LOOPBACK, Mailbox
from rowcall.mailer import Account, SmtpMailer, is_loopback
from rowcall.message import Attachment, Letter, build, message_id
from rowcall.refusal import Refused, worded
from tests.mailbox import (
    PASSWORD,
    USER,
    DroppingBeforeContent,
    Manners,
    OneSecret,
    RudeMailbox,
    self_signed_tls,
    trusted_tls,
)

LETTER = Letter(
    sender="Harbour Tea <orders@example.com>",
    to="zoe@example.com",
    to_name="Zoë Müller, 王小明",
    subject="Order A-1 确认",
    text="Thank you.\n.\n..two dots\n/etc/hostname",
    message_id=message_id("key", "example.com"),
    sent_at=datetime(2026, 3, 5, 12, tzinfo=UTC),
)


def account(box: Mailbox) -> Account:
    return Account(host=LOOPBACK, port=box.port, security="none", timeout_s=5)


def send(to: Account, letter: Letter = LETTER) -> str:
    mailer = SmtpMailer(to)
    try:
        return mailer.send(build(letter), letter.to)
    finally:
        mailer.close()


def refusal_of(to: Account) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send(to)
    return caught.value


def test_a_mail_arrives_as_it_was_written() -> None:
    with Mailbox() as box:
        answer = send(account(box))
    (received,) = box.received
    assert answer.startswith("250")
    assert (received.sender, received.recipient) == ("orders@example.com", "zoe@example.com")
    message = received.message()
    assert message["To"].addresses[0].display_name == "Zoë Müller, 王小明"
    assert message["Subject"] == "Order A-1 确认"
    assert message["Message-ID"] == LETTER.message_id
    assert received.text().splitlines() == LETTER.text.splitlines()


def test_a_body_equal_to_an_existing_path_stays_text(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET")
    with Mailbox() as box:
        send(account(box), replace(LETTER, text=str(secret)))
    message = box.received[0].message()
    assert box.received[0].text().strip() == str(secret)
    assert list(message.iter_attachments()) == []
    assert b"TOP SECRET" not in box.received[0].content


def test_an_attachment_arrives() -> None:
    file = Attachment("报表 3.csv", b"a,b\r\n1,2\r\n", "text/csv")
    with Mailbox() as box:
        send(account(box), replace(LETTER, html="<p>see file</p>", attachments=(file,)))
    (part,) = box.received[0].message().iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("报表 3.csv", "text/csv")
    assert part.get_payload(decode=True) == file.content


def test_one_line_serves_many_mails_and_threads() -> None:
    with RudeMailbox() as box:
        mailer = SmtpMailer(account(box))
        threads = [
            threading.Thread(
                target=mailer.send, args=(build(replace(LETTER, to=f"p{n}@example.com")), f"p{n}@example.com")
            )
            for n in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        mailer.close()
    assert box.sessions == 1
    assert sorted(each.recipient for each in box.received) == sorted(f"p{n}@example.com" for n in range(12))


@pytest.mark.parametrize("manner", ["drop", "421 4.4.2 idle too long"])
def test_a_line_gone_stale_is_opened_again(manner: str) -> None:
    with RudeMailbox() as box:
        mailer = SmtpMailer(account(box))
        mailer.send(build(LETTER), LETTER.to)
        box.manners = Manners(mail=manner, then_well=True)
        mailer.send(build(LETTER), LETTER.to)
        mailer.close()
    assert (len(box.received), box.sessions) == (2, 2)


def test_a_refusal_leaves_the_line_fit_for_the_next_mail() -> None:
    with RudeMailbox(Manners(rcpt="550 no such user", then_well=True)) as box:
        mailer = SmtpMailer(account(box))
        with pytest.raises(DeliveryError):
            mailer.send(build(LETTER), "gone@example.com")
        mailer.send(build(LETTER), LETTER.to)
        mailer.close()
    assert ([each.recipient for each in box.received], box.sessions) == ([LETTER.to], 1)


@pytest.mark.parametrize(
    ("manners", "permanent", "words"),
    [
        pytest.param(Manners(rcpt="550 5.1.1 no such user"), True, "refuses the address zoe@example.com: 550 5.1.1 no such user", id="no-such-user"),
        pytest.param(Manners(rcpt="450 4.2.1 greylisted"), False, "not take the mail to zoe@example.com now: 450", id="greylisted"),
        pytest.param(Manners(mail="421 4.7.0 too busy"), False, "now: 421 4.7.0 too busy", id="421"),
        pytest.param(Manners(mail="553 not your address"), True, "refuses the sender orders@example.com: 553", id="sender"),
        pytest.param(Manners(mail="530 5.7.0 Authentication required"), False, "does not accept user and password", id="login-wanted"),
        pytest.param(Manners(content="552 5.3.4 message too big"), True, "refuses the mail to zoe@example.com: 552", id="too-big"),
        pytest.param(Manners(content="451 4.3.0 disk trouble"), False, "now: 451", id="disk"),
        pytest.param(Manners(content="421 4.3.2 shutting down"), False, "now: 421", id="421-after-content"),
        pytest.param(Manners(content="550 Mail content denied: frequency limited"), False, "tried again later|now: 550", id="qq-frequency"),
        pytest.param(Manners(rcpt="550 5.4.5 Daily user sending limit exceeded"), False, "now: 550", id="daily-limit"),
        pytest.param(Manners(mail="drop"), False, "hung up before it had the mail", id="drop-at-mail"),
        pytest.param(Manners(rcpt="drop"), False, "hung up before it had the mail", id="drop-at-rcpt"),
    ],
)  # fmt: skip
def test_a_mail_certainly_not_taken(manners: Manners, permanent: bool, words: str) -> None:
    with RudeMailbox(manners) as box:
        error = refusal_of(account(box))
    assert not isinstance(error, DeliveryUncertain)
    assert (error.permanent, box.received) == (permanent, [])
    assert any(each in str(error) for each in words.split("|"))
    assert error.fix


def test_hanging_up_before_the_content_is_certain() -> None:
    with DroppingBeforeContent() as box:
        mailer = SmtpMailer(account(box))
        message = build(replace(LETTER, text="x" * 20_000_000))  # more than the network holds on its way
        with pytest.raises(DeliveryError) as caught:
            mailer.send(message, LETTER.to)
    assert not isinstance(caught.value, DeliveryUncertain)
    assert (caught.value.permanent, box.tries) == (False, 0)


@pytest.mark.parametrize("manner", ["drop", "stall"])
def test_hanging_up_after_the_content_is_uncertain_and_sent_once(manner: str) -> None:
    with RudeMailbox(Manners(content=manner)) as box:
        with pytest.raises(DeliveryUncertain, match="may have been taken") as caught:
            send(replace(account(box), timeout_s=0.5))
        assert (box.tries, caught.value.permanent) == (1, False)
        assert "Message-ID" in caught.value.fix


def test_leaving_a_server_that_is_gone_is_quiet() -> None:
    mailer = SmtpMailer(Account(LOOPBACK, 1, "none"))
    mailer.close()
    with Mailbox() as box:
        mailer = SmtpMailer(account(box))
        mailer.send(build(LETTER), LETTER.to)
    mailer.close()
    mailer.close()


def test_a_server_gone_for_a_while_loses_nothing() -> None:
    with Mailbox() as box:
        to = account(box)
        mailer = SmtpMailer(to)
        mailer.send(build(LETTER), LETTER.to)
    for _ in range(2):
        with pytest.raises(DeliveryError, match="refused") as caught:
            mailer.send(build(LETTER), LETTER.to)
        assert not isinstance(caught.value, DeliveryUncertain)
    with Mailbox(port=to.port) as box:
        mailer.send(build(LETTER), LETTER.to)
        mailer.close()
    assert len(box.received) == 1


def test_checking_the_login_without_one() -> None:
    with Mailbox() as box:
        to = account(box)
        assert SmtpMailer(to).login_check() == f"the mail server {to} answers (none), no login needed"
    assert box.received == []


def test_a_server_that_wants_nobody() -> None:
    with RudeMailbox(Manners(mail="drop")) as box:
        error = refusal_of(replace(account(box), user=USER, password=PASSWORD))
    assert "offers no login" in str(error)


def test_the_mailer_works_again_after_trouble() -> None:
    with RudeMailbox(Manners(content="drop", then_well=True)) as box:
        mailer = SmtpMailer(account(box))
        with pytest.raises(DeliveryUncertain):
            mailer.send(build(LETTER), LETTER.to)
        mailer.send(build(LETTER), LETTER.to)
        mailer.close()
    assert (box.tries, len(box.received)) == (2, 1)


def test_a_server_that_says_nothing() -> None:
    with socket.create_server((LOOPBACK, 0)) as silent:
        error = refusal_of(Account(LOOPBACK, silent.getsockname()[1], "none", timeout_s=0.3))
    assert "did not answer within 0.3 seconds" in str(error) or "hung up" in str(error)
    assert not error.permanent


def test_nobody_at_the_door() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
    error = refusal_of(Account(LOOPBACK, port, "none"))
    assert str(error) == f"the mail server 127.0.0.1:{port} is not there: the connection was refused"
    assert (error.permanent, "host and port" in error.fix) == (False, True)


def test_a_name_that_does_not_exist() -> None:
    error = refusal_of(Account("no-such-host.invalid", 25, "starttls"))
    assert "was not found" in str(error)
    assert not error.permanent


def test_without_encryption_only_on_this_machine() -> None:
    error = refusal_of(Account("mail.example.com", 25, "none"))
    assert "without encryption" in str(error)
    assert "security: starttls" in error.fix


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("localhost.example.com", False), ("0.0.0.0", False)],
)  # fmt: skip
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


Opened = Callable[[Mailbox], Account]


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_a_certificate_of_a_known_authority_is_accepted(security: str, tmp_path: Path) -> None:
    context, authority = trusted_tls(tmp_path)
    with Mailbox(tls=context, implicit_tls=security == "ssl", require_starttls=security == "starttls") as box:
        to = Account(LOOPBACK, box.port, "ssl" if security == "ssl" else "starttls", ca_file=str(authority))
        send(to)
        assert "answers" in SmtpMailer(to).login_check()
    assert len(box.received) == 1


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_a_self_signed_server_is_refused(security: str) -> None:
    with Mailbox(tls=self_signed_tls(), implicit_tls=security == "ssl") as box:
        error = refusal_of(
            Account(LOOPBACK, box.port, "ssl" if security == "ssl" else "starttls", timeout_s=5)
        )
    assert "can't prove who it is" in str(error)
    assert (error.permanent, box.received) == (False, [])


def test_the_wrong_name_in_a_certificate_is_refused(tmp_path: Path) -> None:
    context, authority = trusted_tls(tmp_path)
    with Mailbox(tls=context) as box:
        error = refusal_of(Account("127.0.0.2", box.port, "starttls", ca_file=str(authority)))
    assert "can't prove who it is" in str(error) or "refused" in str(error)


def test_a_server_without_starttls() -> None:
    with Mailbox() as box:
        error = refusal_of(replace(account(box), security="starttls"))
    assert "offers no STARTTLS" in str(error)
    assert "security: ssl" in error.fix


def test_tls_from_the_first_byte_where_there_is_none() -> None:
    with Mailbox() as box:
        error = refusal_of(replace(account(box), security="ssl"))
    assert "does not speak TLS" in str(error)
    assert "587" in error.fix


def login_box(tmp_path: Path) -> tuple[Mailbox, str]:
    context, authority = trusted_tls(tmp_path)
    return Mailbox(tls=context, authenticator=OneSecret(), auth_required=True, require_starttls=True), str(
        authority
    )


def test_signing_in(tmp_path: Path) -> None:
    box, authority = login_box(tmp_path)
    with box:
        to = Account(LOOPBACK, box.port, "starttls", USER, PASSWORD, ca_file=authority)
        send(to)
        assert SmtpMailer(to).login_check() == f"the mail server {to} answers (starttls), signed in as {USER}"
    assert len(box.received) == 1


@pytest.mark.parametrize("password", ["wrong", "", "пароль"])
def test_a_wrong_password_is_not_for_ever_and_never_shown(password: str, tmp_path: Path) -> None:
    box, authority = login_box(tmp_path)
    with box, pytest.raises(DeliveryError) as caught:
        SmtpMailer(Account(LOOPBACK, box.port, "starttls", USER, password, ca_file=authority)).login_check()
    assert not caught.value.permanent
    assert "password" in str(caught.value) + caught.value.fix


def test_the_password_is_nowhere(tmp_path: Path) -> None:
    """The server of this test repeats the right password in its answer, as badly written ones do."""
    box, authority = login_box(tmp_path)
    with box:
        to = Account(LOOPBACK, box.port, "starttls", "other@example.com", PASSWORD, ca_file=authority)
        with pytest.raises(DeliveryError) as caught:
            send(to)
    told = "".join(format_exception(caught.value)) + repr(to) + str(to) + caught.value.fix
    assert PASSWORD not in told
    assert "***" in told


@pytest.mark.parametrize(
    ("code", "said", "permanent"),
    [
        (550, "Connection frequency limited", False),
        (550, "Too many recipients today", False),
        (554, "5.7.1 [127.0.0.1] rate limit", False),
        (552, "5.2.2 mailbox full", True),
        (550, "5.7.1 rejected as spam", True),
        (499, "odd", False),
        (535, "5.7.8 bad password", False),
    ],
)
def test_is_it_worth_another_try(code: int, said: str, permanent: bool) -> None:
    assert worded(Refused("s:25", "recipient", "a@b.cd", code, said)).permanent is permanent


def test_the_demo_mailbox_keeps_files(tmp_path: Path) -> None:
    with Mailbox(tmp_path / "mails") as box:
        send(account(box), replace(LETTER, html="<p>你好</p>"))
    names = sorted(file.name for file in (tmp_path / "mails").iterdir())
    assert names == ["001-zoe@example.com.eml", "001-zoe@example.com.html"]
    assert "你好" in (tmp_path / "mails" / names[1]).read_text(encoding="utf-8")
