"""The one exception whose text is meant for the person at the terminal."""


class Refused(Exception):
    """A reason not to start or not to go on, said in one clear sentence."""
