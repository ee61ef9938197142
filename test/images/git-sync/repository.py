"""The synced folder: a git repository, one worktree per commit, and the link that publishes one of them."""

import os
import shutil
from pathlib import Path

from git import GitError


class Repository:
    """`root` holds the git data and .worktrees; `link` is where readers look."""

    def __init__(self, flags, root, git, log):
        self.flags = flags
        self.root = root
        self.link = Path(os.path.normpath(root / flags.link))
        self.git = git
        self.log = log
        self.sync_count = 0

    def sync(self):
        """Fetches the ref, checks it out beside what is there, then publishes it; gives the commit."""
        self.prepare()
        current = self.current_worktree()
        self.fetch()
        commit = self.git.run("rev-parse", "FETCH_HEAD^{}", cwd=self.root)
        if current is not None and current.name == commit and not self.worktree_is_sound(current):
            self.log.info("worktree failed checks or was empty", path=str(current))
            self.remove_worktree(current)
            current = None
        changed = current != self.worktree_of(commit)
        if changed or self.sync_count == 0:
            self.update(commit, current, changed)
        self.remove_stale_worktrees()
        return commit

    def update(self, commit, current, changed):
        local = current.name if current is not None else ""
        ref = self.flags.ref
        self.log.info("update required", ref=ref, local=local, remote=commit, syncCount=self.sync_count)
        self.git.run("reset", "--soft", commit, "--", cwd=self.root)
        worktree = self.worktree_of(commit)
        if changed:
            self.remove_worktree(worktree)
            self.git.run(
                "worktree", "add", "--force", "--detach", str(worktree), commit, "--no-checkout", cwd=self.root
            )
        self.check_out(worktree)
        if changed:
            self.publish(worktree)
        self.sync_count += 1
        self.log.info("updated successfully", ref=ref, remote=commit, syncCount=self.sync_count)

    def prepare(self):
        """Leaves a usable repository whose origin is ours; what cannot be used is removed first."""
        if not self.is_sound():
            self.log.info("repo directory was empty or failed checks", path=str(self.root))
            for entry in self.root.iterdir():
                remove(entry)
            self.log.info("initializing repo directory", path=str(self.root))
            self.git.run("init", "-b", "git-sync", cwd=self.root)
        # Relative submodule URLs are resolved against the remote that is called origin.
        try:
            self.git.run("remote", "get-url", "origin", cwd=self.root)
            self.git.run("remote", "set-url", "origin", self.flags.repo, cwd=self.root)
        except GitError as error:
            if "No such remote" not in error.stderr:
                raise
            self.git.run("remote", "add", "origin", self.flags.repo, cwd=self.root)

    def is_sound(self):
        if not any(self.root.iterdir()) or (self.root / ".git" / "shallow.lock").exists():
            return False
        try:
            top = self.git.run("rev-parse", "--show-toplevel", cwd=self.root)
            self.git.run("fsck", "--no-progress", "--connectivity-only", cwd=self.root)
        except GitError as error:
            self.log.error(error, "repo fsck failed", path=str(self.root))
            return False
        return top == str(self.root)

    def worktree_is_sound(self, worktree):
        try:
            head = self.git.run("rev-parse", "HEAD", cwd=worktree)
            self.git.run("fsck", "--no-progress", "--connectivity-only", cwd=worktree)
        except (GitError, OSError) as error:
            self.log.error(error, "worktree fsck failed", path=str(worktree))
            return False
        return head == worktree.name

    def fetch(self):
        arguments = ["fetch", self.flags.repo, self.flags.ref]
        arguments += ["--verbose", "--no-progress", "--prune", "--no-auto-gc"]
        if self.flags.depth > 0:
            arguments += ["--depth", str(self.flags.depth)]
        elif self.git.run("rev-parse", "--is-shallow-repository", cwd=self.root) == "true":
            arguments += ["--unshallow"]
        self.git.run(*arguments, cwd=self.root)

    def check_out(self, worktree):
        # Relative, so that the volume may be mounted at another path by whoever reads it.
        git_folder = os.path.relpath(self.root / ".git" / "worktrees" / worktree.name, worktree)
        (worktree / ".git").write_text(f"gitdir: {git_folder}\n")
        self.git.run("reset", "--hard", worktree.name, "--", cwd=worktree)
        if self.flags.submodules == "off":
            return
        arguments = ["submodule", "update", "--init"]
        if self.flags.submodules == "recursive":
            arguments += ["--recursive"]
        if self.flags.depth > 0:
            arguments += ["--depth", str(self.flags.depth)]
        self.git.run(*arguments, cwd=worktree)

    def publish(self, worktree):
        """Moves the link in one step: a reader sees the old commit or the new one, never a half."""
        self.link.parent.mkdir(mode=0o775, parents=True, exist_ok=True)
        new = self.link.parent / "tmp-link"
        new.symlink_to(os.path.relpath(worktree, self.link.parent))
        new.replace(self.link)

    def current_worktree(self):
        try:
            return Path(os.path.normpath(self.link.parent / os.readlink(self.link)))
        except FileNotFoundError:
            return None

    def worktree_of(self, commit):
        return self.root / ".worktrees" / commit

    def remove_worktree(self, worktree):
        if worktree.exists():
            shutil.rmtree(worktree)
            self.git.run("worktree", "prune", "--verbose", cwd=self.root)

    def remove_stale_worktrees(self):
        """Frees the space of commits that are no longer published; a failure here fails no sync."""
        current = self.current_worktree()
        stale = [path for path in (self.root / ".worktrees").iterdir() if path != current]
        try:
            for path in stale:
                remove(path)
            if stale:
                self.git.run("worktree", "prune", "--verbose", cwd=self.root)
                self.git.run("reflog", "expire", "--expire-unreachable=all", "--all", cwd=self.root)
                self.git.run("gc", cwd=self.root)
        except (GitError, OSError) as error:
            self.log.error(error, "git cleanup failed")


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
