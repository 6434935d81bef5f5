"""Which recogniser is chosen, and what is said when it cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice_coach.errors import SetupError
from voice_coach.hearing import choice
from voice_coach.hearing.choice import MODEL_VARIABLE, choose_recognizer
from voice_coach.hearing.vosk_model import NEEDED


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)
    folder = tmp_path / "models"
    monkeypatch.setattr(choice, "models_folder", lambda: folder)
    return folder


def model_at(folder: Path) -> Path:
    for name in NEEDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    return folder


def test_without_a_model_pocketsphinx_listens() -> None:
    chosen = choose_recognizer("auto")
    assert chosen.kind == "pocketsphinx"
    assert "no Vosk model is installed" in chosen.notice


def test_an_installed_model_is_found(no_models: Path) -> None:
    model = model_at(no_models / "small")
    assert choose_recognizer("auto").model == model


def test_a_folder_that_is_no_model_is_passed_over(no_models: Path) -> None:
    (no_models / "aaa").mkdir(parents=True)
    assert choose_recognizer("auto").kind == "pocketsphinx"


def test_the_variable_and_the_option_name_a_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named, other = model_at(tmp_path / "named"), model_at(tmp_path / "other")
    monkeypatch.setenv(MODEL_VARIABLE, str(named))
    assert choose_recognizer("auto").model == named
    assert choose_recognizer("auto", other).model == other


def test_pocketsphinx_can_be_chosen_although_a_model_is_installed(no_models: Path) -> None:
    model_at(no_models / "small")
    assert choose_recognizer("pocketsphinx").kind == "pocketsphinx"


def test_vosk_without_a_model_is_told_in_one_sentence(no_models: Path) -> None:
    with pytest.raises(SetupError, match=r"^No Vosk model was found in .*model get.*--model\.$"):
        choose_recognizer("vosk")


def test_a_missing_folder_a_fixed_graph_and_a_lacking_file_are_each_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="is not a folder"):
        choose_recognizer("auto", tmp_path / "nowhere")
    fixed = model_at(tmp_path / "fixed")
    (fixed / "graph" / "HCLG.fst").write_bytes(b"")
    with pytest.raises(SetupError, match="fixed graph"):
        choose_recognizer("auto", fixed)
    lacking = model_at(tmp_path / "lacking")
    (lacking / "graph" / "HCLr.fst").unlink()
    with pytest.raises(SetupError, match=r"lacks graph/HCLr\.fst"):
        choose_recognizer("auto", lacking)


def test_a_folder_around_the_model_names_the_one_within(tmp_path: Path) -> None:
    model_at(tmp_path / "outer" / "inner")
    with pytest.raises(SetupError, match="the folder inner"):
        choose_recognizer("auto", tmp_path / "outer")
