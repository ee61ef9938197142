"""The flags of git-sync v4 that dbt Jobs sets, read the way git-sync reads them (pflag's rules)."""

import re
from dataclasses import dataclass, field


class UsageError(Exception):
    """A command line that git-sync refuses; exit_code 2 for one it cannot read, 1 for one that makes no sense."""

    def __init__(self, message, exit_code):
        super().__init__(message)
        self.exit_code = exit_code


@dataclass
class Flags:
    """The values of one command line; durations in seconds; `given` keeps what was set, as it was written."""

    repo: str = ""
    ref: str = "HEAD"
    root: str = ""
    link: str = ""
    one_time: bool = False
    depth: int = 1
    submodules: str = "recursive"
    sync_timeout: float = 120.0
    max_failures: int = 0
    period: float = 10.0
    group_write: bool = False
    username: str = ""
    password_file: str = ""
    ssh_key_file: list = field(default_factory=lambda: ["/etc/git-secret/ssh"])
    ssh_known_hosts: bool = True
    ssh_known_hosts_file: str = "/etc/git-secret/known_hosts"
    git_config: str = ""
    help: bool = False
    given: dict = field(default_factory=dict)


DURATION_UNIT_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
DURATION_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)")
BOOLEANS = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False),
}


def parse_duration(text):
    """Seconds of a duration such as 300s or 1m30s; a bare number other than 0 is refused."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if digits == "0":
        return 0.0
    parts = DURATION_PART.findall(digits)
    if not parts or "".join(number + unit for number, unit in parts) != digits:
        raise ValueError(f'time: invalid duration "{text}"')
    return sign * sum(float(number) * DURATION_UNIT_SECONDS[unit] for number, unit in parts)


def parse_integer(text):
    if not re.fullmatch(r"[+-]?(0x[0-9a-fA-F]+|\d+)", text):
        raise ValueError(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text, 16 if "0x" in text else 10)


def parse_boolean(text):
    if text not in BOOLEANS:
        raise ValueError(f'strconv.ParseBool: parsing "{text}": invalid syntax')
    return BOOLEANS[text]


PARSERS = {
    "repo": str,
    "ref": str,
    "root": str,
    "link": str,
    "one-time": parse_boolean,
    "depth": parse_integer,
    "submodules": str,
    "sync-timeout": parse_duration,
    "max-failures": parse_integer,
    "period": parse_duration,
    "group-write": parse_boolean,
    "username": str,
    "password-file": str,
    "ssh-key-file": str,
    "ssh-known-hosts": parse_boolean,
    "ssh-known-hosts-file": str,
    "git-config": str,
    "help": parse_boolean,
}


def parse_flags(arguments):
    """Flags of a command line; arguments that are no flags are ignored, as git-sync ignores them."""
    flags = Flags()
    remaining = list(arguments)
    while remaining:
        argument = remaining.pop(0)
        if argument == "--":
            break
        if not argument.startswith("-") or argument == "-":
            continue
        if not argument.startswith("--"):
            raise UsageError(f"unknown shorthand flag: '{argument[1]}' in {argument}", 2)
        name, equals, value = argument[2:].partition("=")
        if name not in PARSERS:
            raise UsageError(f"unknown flag: --{name}", 2)
        if not equals:
            value = take_value(name, remaining)
        set_flag(flags, name, value)
    return flags


def take_value(name, remaining):
    """A boolean flag never takes the next argument; every other flag must have one."""
    if PARSERS[name] is parse_boolean:
        return "true"
    if not remaining:
        raise UsageError(f"flag needs an argument: --{name}", 2)
    return remaining.pop(0)


def set_flag(flags, name, text):
    try:
        value = PARSERS[name](text)
    except ValueError as error:
        raise UsageError(f'invalid argument "{text}" for "--{name}" flag: {error}', 2) from None
    attribute = name.replace("-", "_")
    if name == "ssh-key-file":
        earlier = flags.ssh_key_file if name in flags.given else []
        value = [*earlier, value]
    setattr(flags, attribute, value)
    flags.given[name] = text


def check_flags(flags):
    """Refuses, in git-sync's order and words, what cannot be meant; gives the link its default."""
    shortest = 0.010
    problems = [
        (not flags.root, "required flag: --root must be specified"),
        (not flags.repo, "required flag: --repo must be specified"),
        (not flags.ref, "required flag: --ref must be specified"),
        (flags.depth < 0, "invalid flag: --depth must be greater than or equal to 0"),
        (
            flags.submodules not in ("recursive", "shallow", "off"),
            'invalid flag: --submodules must be one of "recursive", "shallow", or "off"',
        ),
        (flags.period < shortest, "invalid flag: --period must be at least 10ms"),
        (flags.sync_timeout < shortest, "invalid flag: --sync-timeout must be at least 10ms"),
        (
            flags.username and not flags.password_file,
            "required flag: $GITSYNC_PASSWORD or --password-file must be specified when --username is specified",
        ),
        (
            flags.username and re.match(r"[a-z+]+://[^/]*@", flags.repo),
            "invalid flag: credentials may not be specified in --repo when --username is specified",
        ),
        (
            not flags.username and flags.password_file,
            "invalid flag: --password-file may only be specified when --username is specified",
        ),
    ]
    for is_problem, message in problems:
        if is_problem:
            raise UsageError(message, 1)
    if not flags.link:
        flags.link = flags.repo.strip("/").split("/")[-1]


def parse_git_config(text):
    """Key and value pairs of --git-config: key:value, comma between, either side may be quoted."""
    pairs, position = [], 0
    while position < len(text):
        if text[position] == '"':
            key, position = take_quoted(text, position + 1)
            if text[position : position + 1] != ":":
                raise ValueError(f'unexpected end of key: "{key}"')
            position += 1
        else:
            key, colon, _ = text[position:].partition(":")
            if not colon:
                raise ValueError(f'unexpected end of key: "{key}"')
            position += len(key) + 1
        if position >= len(text):
            raise ValueError(f'key "{key}": no value')
        value, position = take_value_of(text, position)
        pairs.append((key, value))
    return pairs


def take_value_of(text, position):
    if text[position] == '"':
        value, position = take_quoted(text, position + 1)
        if text[position : position + 1] not in ("", ","):
            raise ValueError(f'unexpected character after quoted value "{value}"{text[position]}')
        return value, position + 1
    return take_until(text, position, ",")


def take_quoted(text, position):
    value, after = take_until(text, position, '"')
    if text[after - 1 : after] != '"' or after > len(text):
        raise ValueError(f'unexpected end of quoted string: "{value}"')
    return value, after


def take_until(text, position, end):
    """Unescaped text up to `end`, and the position behind it; the end of the text ends it too."""
    escapes = {"n": "\n", "t": "\t", '"': '"', ",": ",", "\\": "\\"}
    value = ""
    while position < len(text) and text[position] != end:
        if text[position] == "\\":
            position += 1
            if position >= len(text):
                raise ValueError("unexpected end of escape sequence")
            if text[position] not in escapes:
                raise ValueError(f"unsupported escape character: '{text[position]}'")
            value += escapes[text[position]]
        else:
            value += text[position]
        position += 1
    return value, position + 1
