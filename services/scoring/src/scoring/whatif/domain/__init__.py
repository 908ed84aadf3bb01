"""What people would have under another book."""

from scoring.whatif.domain.comparing import Change, Kept, Outcome, Tally, Trial, Verdict, compare

__all__ = ["Change", "Kept", "Outcome", "Tally", "Trial", "Verdict", "compare"]
