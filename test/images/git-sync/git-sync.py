"""A stand-in for git-sync v4 where its image cannot be pulled: the flags dbt Jobs sets, the same results.

Exit codes: 0 synced; 1 gave up, or flags that make no sense; 2 a command line that cannot be read.
"""

import os
import re
import signal
import sys
import time
from pathlib import Path

from flags import PARSERS, UsageError, check_flags, parse_flags, parse_git_config
from git import Git, GitError
from log import Log
from repository import Repository

DEFAULT_GIT_CONFIG = [
    ("gc.autoDetach", "false"),
    ("gc.pruneExpire", "now"),
    # A program that answers with nothing: git must never wait for somebody to type a password.
    ("core.askPass", "true"),
    # The root of a Kubernetes volume belongs to root, and git distrusts folders of other users.
    ("safe.directory", "*"),
]


def usage():
    return "\n".join(["Usage: git-sync [FLAGS...]", "", " FLAGS:", *(f"      --{name}" for name in PARSERS)])


def read_flags(arguments):
    try:
        flags = parse_flags(arguments)
        if flags.help:
            print(usage())
            sys.exit(0)
        check_flags(flags)
    except UsageError as error:
        print(error, usage(), sep="\n", file=sys.stderr)
        # The library that reads git-sync's flags repeats what it cannot read on standard output.
        print(error, file=sys.stdout if error.exit_code == 2 else sys.stderr)
        sys.exit(error.exit_code)
    return flags


def flags_for_log(flags):
    """What was set, sorted; a password inside --repo is never logged."""
    safe = {**flags.given, "repo": re.sub(r"^([a-z+]+://[^/@:]*):[^/@]*@", r"\1:REDACTED@", flags.repo)}
    return [f"--{name}={value}" for name, value in sorted(safe.items())]


def configure(git, flags):
    for key, value in DEFAULT_GIT_CONFIG:
        git.configure(key, value)
    git.use_ssh(flags.ssh_key_file, flags.ssh_known_hosts, flags.ssh_known_hosts_file)
    if flags.username:
        git.use_password(flags.repo, flags.username, flags.password_file)
    # Last, so that whoever sets --git-config has the last word.
    for key, value in parse_git_config(flags.git_config):
        git.configure(key, value)


def sync_once(repository, git, flags):
    git.start_sync(flags.sync_timeout)
    if flags.username:
        try:
            Path(flags.password_file).read_bytes()
        except OSError as error:
            file, cause = flags.password_file, (error.strerror or "").lower()
            raise OSError(
                f'credential refresh failed: can\'t read password file "{file}": open {file}: {cause}'
            ) from None
    return repository.sync()


def sync_until_done(repository, git, flags, log):
    """Retries after each period until a sync works or --max-failures in a row did not; gives the exit code."""
    failures = 0
    while True:
        try:
            commit = sync_once(repository, git, flags)
        except (GitError, OSError) as error:
            failures += 1
            if 0 <= flags.max_failures <= failures:
                log.error(
                    error, "too many failures, aborting", failCount=failures, maxFailures=flags.max_failures
                )
                return 1
            log.error(error, "error syncing repo, will retry", failCount=failures)
        else:
            failures = 0
            if flags.one_time:
                log.info("exiting after one sync", status=0)
                return 0
            if commit == flags.ref:
                log.info("ref appears to be a git hash, no further sync needed", ref=flags.ref)
                signal.pause()
        time.sleep(flags.period)


def main(arguments):
    # As process 1 of a container there is no default action for SIGTERM: without this it is ignored.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    flags = read_flags(arguments)
    log = Log()
    log.info(
        "starting up",
        version="v4-stand-in",
        pid=os.getpid(),
        uid=os.getuid(),
        gid=os.getgid(),
        home=os.environ.get("HOME", ""),
        flags=flags_for_log(flags),
    )
    os.umask(0o002 if flags.group_write else 0o022)
    try:
        Path(flags.root).mkdir(mode=0o775, parents=True, exist_ok=True)
    except OSError as error:
        log.error(error, "FATAL: can't make root dir", path=flags.root)
        return 1
    root = Path(flags.root).resolve()
    git = Git()
    try:
        log.info("git version", version=git.run("version"))
        configure(git, flags)
    except (GitError, ValueError) as error:
        log.error(error, "can't set additional git configs", configs=flags.git_config)
        return 1
    exit_code = sync_until_done(Repository(flags, root, git, log), git, flags, log)
    os.unlink(git.config_file)
    return exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
