import base64

import pytest

from kit.settings import load
from registry.settings import ApiSettings, RegistrySettings
from support.front import environment

KEYS = ("SIGNING_KEY", "FIELD_KEY", "LOOKUP_KEY")
RIGHT = environment("postgresql+asyncpg://registry_api@db/jinqiu", "canary-database")


def told(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"REGISTRY_{name}", value)


def test_an_empty_environment_is_told_every_missing_variable(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        load(ApiSettings)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert not [name for name in RIGHT if f"REGISTRY_{name}:" not in said]


def test_the_api_knows_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, RIGHT)
    settings = load(ApiSettings)
    assert (settings.field_keys(), settings.lookup_bytes()) == ([b"f" * 32], b"l" * 32)


def test_an_earlier_key_stands_behind_the_one_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    old = base64.b64encode(b"o" * 32).decode()
    told(monkeypatch, RIGHT | {"OLD_FIELD_KEYS": f'["{old}"]'})
    assert load(ApiSettings).field_keys() == [b"f" * 32, b"o" * 32]


def test_migration_and_worker_need_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, {name: value for name, value in RIGHT.items() if name not in KEYS})
    assert load(RegistrySettings).http_port == 8001


@pytest.mark.parametrize("key", ["short", base64.b64encode(b"f" * 16).decode(), "不是"])
def test_a_wrong_key_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    told(monkeypatch, RIGHT | {"FIELD_KEY": key})
    with pytest.raises(SystemExit):
        load(ApiSettings)
    said = capsys.readouterr().err
    assert "REGISTRY_FIELD_KEY" in said
    assert "openssl rand" in said
    assert key not in said


def test_no_secret_shows_in_a_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, RIGHT)
    shown = repr(load(ApiSettings))
    assert not [secret for secret in (*(RIGHT[key] for key in KEYS), "canary-database") if secret in shown]
