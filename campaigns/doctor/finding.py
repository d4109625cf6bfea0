"""One thing the doctor has found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What was found and what to do about it; ``must`` tells what has to be put right from what is only worth knowing."""

    about: str
    found: str
    remedy: str = ""
    must: bool = True

    def __str__(self) -> str:
        """Returns the finding as one line."""
        return f"{self.found} {self.remedy}".strip()
