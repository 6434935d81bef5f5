"""The numbers people are given: an operator's own win, faults are named by line, old ones are pointed out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from voice_coach.__main__ import main
from voice_coach.errors import SetupError
from voice_coach.packs.contacts import check_listed, is_fresh
from voice_coach.packs.load import load_pack
from voice_coach.packs.models import Contact
from voice_coach.packs.own_contacts import with_own_contacts
from voice_coach.packs.spoken import spoken_strings
from voice_coach.session import pack_of
from voice_coach.understanding.normalise import surface

PACK = load_pack("en")
OWN = """# ours
[[crisis]]
name = "Valley line"
what = "someone to talk to"
dial = "+43 142"
digits = "one four two"
checked_on = "{day}"

[[own_person]]
name = "Your person"
dial = "0400 000 000"
digits = "zero four hundred"
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the operator's file goes; every settings folder is a new one."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    pack_of.cache_clear()
    path = tmp_path / "voice-coach" / "contacts.toml"
    path.parent.mkdir()
    return path


def refusal(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError) as caught:
        with_own_contacts(PACK, path)
    return str(caught.value)


def test_without_a_file_the_numbers_are_those_that_ship(own: Path) -> None:
    assert with_own_contacts(PACK, own) is PACK


def test_a_kind_in_the_operators_file_replaces_that_kind_and_no_other(own: Path) -> None:
    own.write_text(OWN.format(day=""), encoding="utf-8")
    found = pack_of("en").contacts
    assert [contact.name for contact in found["crisis"]] == ["Valley line"]
    assert [contact.name for contact in found["own_person"]] == ["Your person"]
    assert found["emergency"] == PACK.contacts["emergency"]


def test_the_operators_numbers_go_on_the_card_and_into_a_typed_session(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own.write_text(OWN.format(day=""), encoding="utf-8")
    assert main(["card", "--output", str(tmp_path / "card.pdf")]) == 0
    told = capsys.readouterr().err
    assert "Valley line" in told
    assert "Lifeline" not in told
    assert str(own) in told
    answers = iter(["yes", "yes", "numbers", "next", "stop", "stop"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    main(["text", "--mode", "heard", "--seed", "1"])
    said = capsys.readouterr().out
    assert "zero four hundred" in said
    assert "one four two" in said
    assert "Lifeline" not in said


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"+43 142"', '"1800 HELP"', 'line 5, crisis.0.dial: "1800 HELP" holds more than figures'),
        ('"+43 142"', '"14"', 'line 5, crisis.0.dial: "14" has too few figures'),
        ('"+43 142"', '"1234567890123456"', "line 5, crisis.0.dial: "),
        ('"+43 142"', "142", "line 5, crisis.0.dial: it must be text in quotes"),
        ('dial = "+43 142"', "", "line 2, crisis.0.dial: there is neither a number to dial"),
        ('"one four two"', '"142"', "line 6, crisis.0.digits: write figures as words"),
        ('"{day}"', '"last May"', "line 7, crisis.0.checked_on: it must be a date"),
        ("[[own_person]]", "[[friends]]", "line 9, friends: there is no such kind"),
        ('"Your person"', '""', "line 10, own_person.0.name: it is empty"),
        ('"Your person"', f'"{"x" * 61}"', "line 10, own_person.0.name: it has more than 60 letters"),
        ('name = "Your', 'nmae = "Your', "line 10, own_person.0.nmae: this key is not known here"),
        ("# ours", "crisis = []", "it is not TOML: "),
        ("Your person", "Your\\u0007person", "line 10, own_person.0.name: it holds the character U+0007"),
        ("Your person", "Your\u202eperson", "it holds the hidden mark U+202E"),
    ],
)
def test_a_fault_in_the_operators_file_is_named_by_its_line(
    own: Path, old: str, new: str, fault: str
) -> None:
    assert old in OWN
    assert fault in refusal(own, OWN.replace(old, new).replace("{day}", ""))


def test_every_fault_of_the_operators_file_is_named_and_no_session_begins(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = OWN.replace("+43 142", "14").replace("0400 000 000", "0400 000 call")
    assert "2 faults" in refusal(own, text.replace("{day}", ""))
    assert main(["text", "--mode", "heard"]) == 2
    told = capsys.readouterr()
    assert "line 5" in told.err
    assert "line 11" in told.err
    assert told.out == ""


def test_an_operator_cannot_take_the_last_crisis_line_away(own: Path) -> None:
    assert "line 1, crisis: there must be at least one" in refusal(own, "crisis = []\n")


def test_doctor_names_each_number_nobody_rang_within_a_year(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own.write_text(OWN.format(day=(date.today() - timedelta(days=30)).isoformat()), encoding="utf-8")
    main(["doctor", "--microphone", "wav:none.wav", "--speaker", "none"])
    told = capsys.readouterr().out
    assert "Valley line" not in told
    assert "Your person, 0400 000 000: please check this number (never rung)" in told
    assert "Emergency, 000: please check this number (never rung)" in told


def test_doctor_is_never_silent_about_a_number_rung_more_than_a_year_ago(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = (date.today() - timedelta(days=400)).isoformat()
    own.write_text(OWN.format(day=long_ago), encoding="utf-8")
    main(["doctor", "--microphone", "wav:none.wav", "--speaker", "none"])
    told = capsys.readouterr().out
    assert f"Valley line, +43 142: please check this number (last rung {long_ago})" in told
    with_number = sum(len(kind) for kind in with_own_contacts(PACK, own).contacts.values())
    assert told.count("please check this number") == with_number


def test_an_operators_file_can_be_named_and_goes_before_the_one_in_the_settings(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own.write_text(OWN.replace("Valley line", "Hill line").format(day=""), encoding="utf-8")
    named = tmp_path / "clinic.toml"
    named.write_text(OWN.format(day=""), encoding="utf-8")
    talk = ["text", "--mode", "heard", "--seed", "1"]

    def said(*more: str) -> str:
        answers = iter(["yes", "yes", "numbers", "next", "stop", "stop"])
        monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
        main([*talk, *more])
        return capsys.readouterr().out

    assert "Valley line" in said("--operator-file", str(named))
    assert "Hill line" in said()
    (own.parent / "settings.toml").write_text(f'operator_file = "{named}"\n', encoding="utf-8")
    assert "Valley line" in said()
    main(["doctor", "--microphone", "wav:none.wav", "--speaker", "none"])
    assert str(named) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "told"),
    [(None, "There are no numbers at"), (OWN.replace("+43 142", "1800 HELP"), "line 5, crisis.0.dial")],
)
def test_an_operators_file_that_is_not_there_or_faulty_ends_it_before_a_word(
    own: Path, tmp_path: Path, text: str | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    named = tmp_path / "clinic.toml"
    if text is not None:
        named.write_text(text.format(day=""), encoding="utf-8")
    assert main(["text", "--mode", "heard", "--operator-file", str(named)]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert str(named) in said.err
    assert said.out == ""


@pytest.mark.parametrize(("days", "fresh"), [(0, True), (365, True), (366, False), (-1, False)])
def test_a_number_is_fresh_for_a_year_after_it_was_rung(days: int, fresh: bool) -> None:
    today = date(2031, 3, 1)
    rung = (today - timedelta(days=days)).isoformat()
    assert is_fresh(Contact(name="A line", checked_on=rung), today) is fresh


def test_no_number_that_ships_claims_to_have_been_rung() -> None:
    shipped = [contact for kind in PACK.contacts.values() for contact in kind]
    assert shipped
    assert not any(contact.checked_on for contact in shipped)
    assert check_listed(PACK.contacts, "contacts.toml") == []


def test_no_sentence_of_the_pack_names_a_number_that_an_operator_could_not_change() -> None:
    spoken = [item for item in spoken_strings(PACK) if "contacts.toml" not in item.file]
    for contact in (contact for kind in PACK.contacts.values() for contact in kind):
        if contact.name != "Emergency":
            assert not [item.key for item in spoken if surface(contact.name) in surface(item.text)]
        assert not [item.key for item in spoken if surface(contact.digits) in surface(item.text)]
