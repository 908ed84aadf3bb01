from contracts.envelope import Envelope
from contracts.registry import CountyV1, DatedCode
from contracts.topic import Topic
from contracts.topics import COUNTY
from kit.tokens import Principal
from registry.counties.domain import County
from registry.events import Occasion, envelope


def established(work: Occasion, county: County, by: Principal) -> tuple[Topic, Envelope]:
    return _event("county.established", work, county, by)


def amended(work: Occasion, county: County, by: Principal) -> tuple[Topic, Envelope]:
    return _event("county.amended", work, county, by)


def _event(kind: str, work: Occasion, county: County, by: Principal) -> tuple[Topic, Envelope]:
    codes = tuple(DatedCode(code=code.code, since=code.since) for code in county.codes)
    state = CountyV1(word=county.word, name=county.name, codes=codes)
    return COUNTY, envelope(work, by, kind, subject=county.id, version=county.version, data=state)
