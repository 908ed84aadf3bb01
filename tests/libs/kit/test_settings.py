"""Settings come from the environment or from secret files; a wrong one is named."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings, load

GOOD = {
    "TRIAL_DATABASE_URL": "postgresql+asyncpg://trial_api@127.0.0.1:15432/jinqiu",
    "TRIAL_DATABASE_PASSWORD": "from-the-environment",
    "TRIAL_KAFKA_BOOTSTRAP": "127.0.0.1:19092",
    "TRIAL_HTTP_PORT": "8001",
    "TRIAL_METRICS_PORT": "9001",
    "TRIAL_ISSUER": "http://127.0.0.1:8001",
    "TRIAL_AUDIENCE": "trial",
    "TRIAL_JWKS_URL": "http://127.0.0.1:8001/.well-known/jwks.json",
}


class TrialSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="TRIAL_")

    old_keys: tuple[SecretStr, ...] = ()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_every_setting_is_read_from_the_environment(environment: pytest.MonkeyPatch) -> None:
    del environment
    settings = load(TrialSettings)
    assert (settings.http_port, settings.audience) == (8001, "trial")
    assert settings.database_password.get_secret_value() == "from-the-environment"


def test_a_secret_file_wins_over_the_environment(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("from-the-file\n", encoding="utf-8")
    environment.setenv("TRIAL_DATABASE_PASSWORD_FILE", str(secret))
    assert load(TrialSettings).database_password.get_secret_value() == "from-the-file"


def test_a_secret_file_that_is_not_there_is_named(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("TRIAL_DATABASE_PASSWORD_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(SystemExit, match=r"TRIAL_DATABASE_PASSWORD_FILE points at .*nowhere"):
        load(TrialSettings)


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_setting_is_named(
    environment: pytest.MonkeyPatch, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.delenv(name)
    with pytest.raises(SystemExit):
        load(TrialSettings)
    assert capsys.readouterr().err.startswith(f"{name}: ")


def test_a_wrong_setting_is_named_without_its_value(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("TRIAL_DATABASE_URL", "mysql://someone:secret@host/db")
    with pytest.raises(SystemExit):
        load(TrialSettings)
    said = capsys.readouterr().err
    assert said.startswith("TRIAL_DATABASE_URL: ")
    assert "secret" not in said


def test_a_list_may_come_from_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "keys"
    secret.write_text('["one", "two"]\n', encoding="utf-8")
    environment.setenv("TRIAL_OLD_KEYS_FILE", str(secret))
    assert [key.get_secret_value() for key in load(TrialSettings).old_keys] == ["one", "two"]


@pytest.mark.parametrize("from_file", [False, True])
def test_a_list_that_is_no_json_is_named(
    environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], from_file: bool
) -> None:
    (tmp_path / "keys").write_text("one,two", encoding="utf-8")
    told = {"TRIAL_OLD_KEYS_FILE": str(tmp_path / "keys")} if from_file else {"TRIAL_OLD_KEYS": "one,two"}
    environment.setenv(*told.popitem())
    with pytest.raises(SystemExit):
        load(TrialSettings)
    assert capsys.readouterr().err == "TRIAL_OLD_KEYS: is not JSON, in which a list is written\n"


def test_a_secret_file_that_is_no_text_is_named(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    environment.setenv("TRIAL_DATABASE_PASSWORD_FILE", str(tmp_path / "binary"))
    with pytest.raises(SystemExit, match="TRIAL_DATABASE_PASSWORD_FILE points at"):
        load(TrialSettings)


def test_a_secret_has_no_default_and_is_never_printed(environment: pytest.MonkeyPatch) -> None:
    del environment
    assert TrialSettings.model_fields["database_password"].is_required()
    assert "from-the-environment" not in repr(load(TrialSettings))
