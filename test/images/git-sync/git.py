"""Runs git with a deadline, in an environment that touches nothing but a private configuration file."""

import json
import os
import re
import subprocess
import tempfile
import time
from urllib.parse import urlsplit


class GitError(Exception):
    """A git command that failed; the message repeats the command and both outputs, as git-sync's does."""

    def __init__(self, command, cause, stdout, stderr):
        super().__init__(f"Run({command}): {cause}: {{ stdout: {quote(stdout)}, stderr: {quote(stderr)} }}")
        self.stderr = stderr


class Git:
    """git under one deadline, which `start_sync` sets anew for each sync."""

    def __init__(self):
        handle, self.config_file = tempfile.mkstemp(prefix="git-sync.gitconfig.")
        os.close(handle)
        self.environment = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": self.config_file,
            "GIT_CONFIG_NOSYSTEM": "true",
        }
        self.deadline = time.monotonic() + 30

    def start_sync(self, timeout):
        self.deadline = time.monotonic() + timeout

    def run(self, *arguments, cwd=None, stdin=""):
        """Standard output without the line end; raises GitError for a failure or a missed deadline."""
        process = subprocess.Popen(
            ["git", *arguments],
            cwd=cwd,
            env=self.environment,
            text=True,
            errors="replace",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        cause = None
        try:
            stdout, stderr = process.communicate(stdin, timeout=max(0, self.deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            # Like git-sync, this kills git alone: a transport that waits for a silent server lives on and
            # keeps the outputs open, so the deadline takes effect when the connection ends.
            process.kill()
            stdout, stderr = process.communicate()
            cause = "context deadline exceeded"
        except BaseException:
            process.kill()
            raise
        if process.returncode != 0 and cause is None:
            cause = f"exit status {process.returncode}"
        if cause is not None:
            command = " ".join(quote(word) if re.search(r"\s", word) else word for word in ("git", *arguments))
            raise GitError(command, cause, stdout.strip(), stderr.strip())
        return stdout.strip()

    def configure(self, key, value):
        self.run("config", "--global", key, value)

    def use_ssh(self, key_files, checks_known_hosts, known_hosts_file):
        words = [self.environment.get("GIT_SSH_COMMAND") or "ssh", *(f"-i {file}" for file in key_files)]
        if checks_known_hosts:
            words.append(f"-o StrictHostKeyChecking=yes -o UserKnownHostsFile={known_hosts_file}")
        else:
            words.append("-o StrictHostKeyChecking=no")
        self.environment["GIT_SSH_COMMAND"] = " ".join(words)

    def use_password(self, repo, username, password_file):
        """Lets git read the password at every request, for this host only, and keeps no copy of it."""
        parts = urlsplit(repo)
        self.environment["GIT_SYNC_USERNAME"] = username
        self.environment["GIT_SYNC_PASSWORD_FILE"] = password_file
        answer = 'echo "username=$GIT_SYNC_USERNAME"; echo "password=$(cat "$GIT_SYNC_PASSWORD_FILE")"'
        helper = f'!f() {{ if [ "$1" = get ]; then {answer}; fi; }}; f'
        self.configure(f"credential.{parts.scheme}://{parts.netloc}.helper", helper)


def quote(text):
    return json.dumps(text, ensure_ascii=False)
