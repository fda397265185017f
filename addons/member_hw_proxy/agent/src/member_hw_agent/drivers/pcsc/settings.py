"""What is particular about a reader: its profile, and what the configuration says."""

import re
from dataclasses import dataclass, fields
from functools import cache

from ... import config

PASSTHROUGHS = ("none", "acs", "transparent")
SCHEMA = {
    "properties": {
        "reader": {
            "type": "string",
            "minLength": 1,
            "description": "the reader's name, or a part of it",
        },
        "match": {
            "type": "array",
            "items": {"type": "string", "minLength": 3},
            "description": "of a profile: parts of the names of such readers",
        },
        "ignore": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "description": "parts of the names of readers that are no card readers",
        },
        "uid_reversed": {"type": "boolean"},
        "passthrough": {"type": "string", "enum": list(PASSTHROUGHS)},
        "sector": {"type": "integer", "minimum": 1, "maximum": 15},
        "allow_raw": {"type": "boolean"},
    }
}
IGNORED = ("SAM",)
INDEX = re.compile(r"^(?P<name>.*?)(?: (?P<index>\d\d) (?P<slot>\d\d)| (?P<win>\d+))?$")


@dataclass(frozen=True)
class Settings:
    uid_reversed: bool = False
    """The reader gives the least significant byte first."""
    passthrough: str = "none"
    """How it hands commands to the chip: needed for the password of an NTAG."""
    sector: int = 1
    """The sector of a MIFARE Classic that holds the member application."""
    allow_raw: bool = False

    @classmethod
    def of(cls, options: dict) -> "Settings":
        return cls(
            **{
                one.name: options[one.name]
                for one in fields(cls)
                if one.name in options
            }
        )


@cache
def profiles() -> dict[str, dict]:
    """Return what is known of readers, by the name of the profile."""
    found = {
        name: config.read_profile(None, "", name) for name in config.profile_names()
    }
    return {
        name: {key: value for key, value in one.items() if key in SCHEMA["properties"]}
        for name, one in found.items()
        if "card.pcsc" in one.get("drivers", ())
    }


def profile_for(name: str) -> dict:
    """Return the options of the first profile that matches a reader's name."""
    for profile in profiles().values():
        if any(part.lower() in name.lower() for part in profile.get("match", ())):
            return profile
    return {}


def is_ignored(name: str, options: dict) -> bool:
    """Tell whether a slot takes no cards of customers, such as one inside a reader."""
    parts = (*IGNORED, *options.get("ignore", ()))
    return any(part.lower() in name.lower() for part in parts)


def stable_ids(names: list[str]) -> dict[str, str]:
    """Return the readers' names by an id that is the same after a restart.

    What the service appends to a name counts the readers as they were plugged in, so
    it is left out; two readers of one kind and without a serial number are numbered.
    """
    found = {}
    for name in sorted(names):
        parts = INDEX.match(name)
        base = re.sub(r"[^a-z0-9]+", "-", parts["name"].lower()).strip("-")[:48]
        if (parts["slot"] or "00") != "00":
            base += f"-slot-{int(parts['slot'])}"
        number = 1
        while (stable := base + (f"-{number}" if number > 1 else "")) in found:
            number += 1
        found[stable or "reader"] = name
    return found


def title(name: str) -> str:
    """Return a reader's name for people."""
    parts = INDEX.match(name)
    slot = int(parts["slot"] or 0)
    return (parts["name"] or name) + f", slot {slot}" * bool(slot)
