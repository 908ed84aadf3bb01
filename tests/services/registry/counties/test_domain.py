from datetime import date

import pytest

from registry.counties import domain
from registry.counties.domain import County, DatedNumber
from registry.ids import CountyId

CITY, DISTRICT = DatedNumber("370181", date(1992, 8, 1)), DatedNumber("370114", date(2016, 12, 1))


def zhangqiu() -> County:
    return domain.establish(CountyId("any"), "zhangqiu", "章丘", [DISTRICT, CITY])


def test_a_county_keeps_its_id_when_its_number_changes() -> None:
    before = domain.establish(CountyId("any"), "zhangqiu", "章丘市", [CITY])
    after = domain.amend(before, "章丘区", [CITY, DISTRICT])
    assert (after.id, after.version, after.codes) == (before.id, 2, (CITY, DISTRICT))


def test_numbers_stand_in_the_order_of_their_days() -> None:
    assert zhangqiu().codes == (CITY, DISTRICT)


def test_the_same_again_is_the_same_version() -> None:
    assert domain.amend(zhangqiu(), "章丘", [CITY, DISTRICT]) == zhangqiu()


@pytest.mark.parametrize("codes", [[], [DatedNumber("37018", CITY.since)], [CITY, DatedNumber("370114", CITY.since)]])
def test_no_number_a_malformed_one_or_two_of_one_day_are_refused(codes: list[DatedNumber]) -> None:
    with pytest.raises(domain.WrongNumbers):
        domain.establish(CountyId("any"), "zhangqiu", "章丘", codes)
