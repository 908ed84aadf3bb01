import argon2
import pytest

from registry import passwords
from registry.passwords import hash_password, is_password

pytestmark = pytest.mark.enable_socket  # the thread wakes the loop through one


async def test_a_password_is_kept_as_argon2id_of_the_recommended_cost() -> None:
    kept = argon2.extract_parameters(await hash_password("own-password-22"))
    assert (kept.type, kept.memory_cost, kept.time_cost) == (argon2.Type.ID, 64 * 1024, 3)


async def test_the_right_password_is_right_and_another_is_not() -> None:
    kept = await hash_password("own-password-22")
    assert await is_password(kept, "own-password-22")
    assert not await is_password(kept, "own-password-23")


async def test_an_unknown_users_password_is_compared_at_the_same_cost_and_never_right() -> None:
    assert not await is_password(None, "own-password-22")
    kept = argon2.extract_parameters(await hash_password("own-password-22"))
    assert argon2.extract_parameters(passwords.NOBODY) == kept
