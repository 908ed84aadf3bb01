"""The catalogue and the services agree on who listens to what; a service refuses the other direction when it starts."""

import scoring.app
from contracts.catalogue import TOPICS

LISTENERS = (scoring.app.listener(),)  # registry listens to nobody


def test_every_consumer_that_the_catalogue_names_listens() -> None:
    named = {(topic.name, group) for topic in TOPICS for group in topic.consumers}
    listening = {(topic, listener.group) for listener in LISTENERS for topic in listener.readers}
    assert named == listening
