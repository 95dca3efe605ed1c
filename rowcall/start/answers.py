"""What must a new shop's owner be asked, and what is a sensible answer to each question?"""

import re
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

from rowcall.sample.headers import Language

_SERVERS: dict[str, tuple[str, int, str]] = {
    "gmail.com": ("smtp.gmail.com", 587, "starttls"),
    "googlemail.com": ("smtp.gmail.com", 587, "starttls"),
    "outlook.com": ("smtp.office365.com", 587, "starttls"),
    "hotmail.com": ("smtp.office365.com", 587, "starttls"),
    "qq.com": ("smtp.qq.com", 465, "ssl"),
    "163.com": ("smtp.163.com", 465, "ssl"),
    "126.com": ("smtp.126.com", 465, "ssl"),
}
_ZONE: dict[Language, str] = {"en": "Europe/Berlin", "zh": "Asia/Shanghai"}
_CURRENCY: dict[Language, str] = {"en": "EUR", "zh": "CNY"}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Account:
    """The mail account that the shop sends from."""

    address: str
    host: str
    port: int
    security: str
    password: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the owner said. responsible: name and address of who is told; account: None = later."""

    shop: str
    timezone: str
    language: Language
    currency: str
    responsible: tuple[str, str]
    account: Account | None = None


def is_address(text: str) -> bool:
    """Tell whether a text is one mail address."""
    return bool(_ADDRESS.fullmatch(text))


def usual_account(address: str) -> Account:
    """Return the account as the provider of an address usually has it."""
    domain = address.rpartition("@")[2].lower()
    host, port, security = _SERVERS.get(domain, (f"smtp.{domain}", 587, "starttls"))
    return Account(address, host, port, security)


def usual_language(texts: list[str]) -> Language:
    """Return the language that headers are mostly in."""
    chinese = sum(bool(_CHINESE.search(text)) for text in texts)
    return "zh" if chinese * 2 > len(texts) else "en"


def usual_timezone(language: Language) -> str:
    """Return the time zone that this machine is set to; a usual one of the language if that says nothing."""
    real = Path("/etc/localtime").resolve().as_posix()
    zone = real.partition("zoneinfo/")[2]
    return (
        zone
        if "/" in zone and not zone.startswith("Etc/") and zone in available_timezones()
        else _ZONE[language]
    )


def usual_currency(language: Language) -> str:
    """Return the currency that goes with a language; the owner may change it in the config."""
    return _CURRENCY[language]


def usual_answers(language: Language, folder: Path) -> Answers:
    """Return what is written when nobody is asked."""
    name = folder.resolve().name.replace("-", " ").replace("_", " ").strip().title()
    person = ("Owner", "owner@example.com") if language == "en" else ("店主", "owner@example.com")
    return Answers(name or "Shop", usual_timezone(language), language, usual_currency(language), person)
