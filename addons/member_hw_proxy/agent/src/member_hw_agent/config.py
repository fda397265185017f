"""The configuration: one TOML file, checked before anything starts."""

import dataclasses
import os
import socket
import sys
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import platformdirs

from . import drivers, schema
from .device_state import kind_of
from .errors import DeviceError
from .values import DeviceInfo

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PORT = 8073
KINDS = ("reader", "scanner", "printer", "display")
DEVICE_ID = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
OWN_KEYS = frozenset({"id", "driver", "name", "profile"})
TEXT = {"type": "string", "minLength": 1, "maxLength": 80}
PROFILE = {"type": "string", "pattern": r"[A-Za-z0-9][A-Za-z0-9_.-]*"}
FILE = {
    "type": "object",
    "properties": {
        "agent": {
            "type": "object",
            "properties": {
                "name": TEXT,
                "port": {"type": "integer", "minimum": 1, "maximum": 65535},
            },
        },
        "discover": {
            "type": "object",
            "properties": {"drivers": {"type": "array", "items": TEXT}},
        },
        "driver": {
            "type": "object",
            "additionalProperties": True,
        },
        "device": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": True,
                "required": ["id", "driver"],
                "properties": {
                    "id": {"type": "string", "pattern": DEVICE_ID},
                    "driver": TEXT,
                    "name": TEXT,
                },
            },
        },
        "stock": {
            "type": "object",
            "properties": dict.fromkeys(KINDS, TEXT),
        },
    },
}


class ConfigError(Exception):
    """The configuration is refused; the sentence names the file and the key."""


@dataclass(frozen=True)
class Config:
    path: Path | None
    """None: there is no file, and all is as if it were empty."""
    name: str
    """What Odoo shows; the computer's name unless the file says another."""
    port: int = PORT
    discover: tuple[str, ...] = ("card.pcsc",)
    driver_options: dict[str, dict] = field(default_factory=dict)
    """`[driver."card.pcsc"]`: options of the devices that are found, by driver."""
    devices: tuple[DeviceInfo, ...] = ()
    stock: dict[str, str] = field(default_factory=dict)
    """Ids of the devices that the stock routes use, by kind."""


def default_path() -> Path | None:
    """Return the user's file, or the computer's, or None if there is neither."""
    folders = [
        Path(platformdirs.user_config_dir("member-hw-agent", appauthor=False)),
        Path(platformdirs.site_config_dir("member-hw-agent", appauthor=False)),
        *([Path("/etc/member-hw-agent")] if os.name != "nt" else []),
    ]
    paths = [folder / "config.toml" for folder in folders]
    return next((path for path in paths if path.is_file()), None)


def load(path: Path | str | None = None) -> Config:
    """Read and check a configuration.

    :param path: the file; None: where it usually is, or no file at all.
    :raise ConfigError:
    """
    path = Path(path) if path else default_path()
    return read(path, read_toml(path) if path else {})


def read(path: Path | None, content: dict) -> Config:
    """Check what a file says.

    :raise ConfigError:
    """
    checked(path, FILE, content, "")
    config = Config(path=path, name=socket.gethostname())
    agent = content.get("agent", {})
    driver_options = {
        name: with_profile(path, f'driver."{name}"', name, options)
        for name, options in content.get("driver", {}).items()
    }
    devices = [
        device(path, f"device[{index}]", table)
        for index, table in enumerate(content.get("device", ()))
    ]
    refuse_doubles(path, devices)
    discover = content.get("discover", {}).get("drivers", config.discover)
    for index, name in enumerate(discover):
        driver_class(
            path, f"discover.drivers[{index}]", name, needed="discover" in content
        )
    stock = content.get("stock", {})
    refuse_unknown_stock(path, stock, devices)
    return dataclasses.replace(
        config,
        name=agent.get("name", config.name),
        port=agent.get("port", config.port),
        discover=tuple(discover),
        driver_options=driver_options,
        devices=tuple(devices),
        stock=stock,
    )


def device(path, where, table) -> DeviceInfo:
    """Return the device that one `[[device]]` table describes, checked."""
    name = table["driver"]
    options = with_profile(path, where, name, table)
    info = DeviceInfo(table["id"], name, table.get("name", table["id"]), options)
    cls = driver_class(path, where, name)
    if cls:
        try:
            cls(info, lambda kind, data: None)
        except DeviceError as error:
            raise refusal(path, where, str(error)) from error
    return info


def with_profile(path, where, driver, table) -> dict:
    """Return the options: the profile's, and over them the table's own."""
    if not isinstance(table, dict):
        raise refusal(path, where, "must be a table.")
    options = {key: value for key, value in table.items() if key not in OWN_KEYS}
    if (name := table.get("profile")) is not None:
        checked(path, PROFILE, name, f"{where}.profile")
        profile = read_profile(path, f"{where}.profile", name)
        for_drivers = profile.pop("drivers", [driver])
        if driver not in for_drivers and not driver.startswith("simulator."):
            fits = ", ".join(for_drivers)
            raise refusal(path, f"{where}.profile", f"{name} is for: {fits}.")
        profile.pop("title", None)
        options = {**profile, **options}
    cls = driver_class(path, where, driver)
    if cls and cls.options_schema is not None:
        checked(path, {"type": "object", **cls.options_schema}, options, where)
    return options


def driver_class(path, where, name, needed=True):
    """Return a driver's class; None if what it needs is not installed.

    Then the agent starts all the same, and the device's state says what to install.
    """
    if name not in drivers.names():
        known = ", ".join(drivers.names())
        if not needed:
            return None
        raise refusal(path, where, f"there is no driver {name}; there are: {known}.")
    try:
        return drivers.load(name)
    except drivers.NoDriver:
        return None


# === PROFILES === #


def profile_names() -> list[str]:
    """Return the profiles that come with the agent, sorted."""
    folder = resources.files("member_hw_agent") / "profiles"
    if not folder.is_dir():
        return []
    names = (file.name for file in folder.iterdir())
    return sorted(name[:-5] for name in names if name.endswith(".toml"))


def read_profile(path, where, name) -> dict:
    """Return a profile's options: `profiles/NAME.toml` beside the file, or ours.

    A profile also has `title` (maker and model, for people) and `drivers` (the drivers
    it is for).
    """
    if path and (own := path.parent / "profiles" / f"{name}.toml").is_file():
        return read_toml(own)
    if name not in profile_names():
        known = ", ".join(profile_names())
        raise refusal(path, where, f"there is no profile {name}; there are: {known}.")
    ours = resources.files("member_hw_agent") / "profiles" / f"{name}.toml"
    return tomllib.loads(ours.read_text(encoding="utf-8"))


# === CHECKS === #


def read_toml(path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}.") from error


def checked(path, described, value, where):
    try:
        schema.check(described, value, where)
    except schema.Invalid as error:
        raise ConfigError(f"{path}: {str(error).lstrip('.')}") from error


def refuse_doubles(path, devices):
    seen = set()
    for index, info in enumerate(devices):
        if info.stable_id in seen:
            raise refusal(
                path, f"device[{index}].id", f"{info.stable_id} is there twice."
            )
        seen.add(info.stable_id)


def refuse_unknown_stock(path, stock, devices):
    kinds = {info.stable_id: kind_of(info.driver) for info in devices}
    for kind, name in stock.items():
        if kinds.get(name, kind) != kind:
            raise refusal(path, f"stock.{kind}", f"{name} is a {kinds[name]}.")


def refusal(path, where, sentence) -> ConfigError:
    return ConfigError(f"{path}: {where}: {sentence}")
