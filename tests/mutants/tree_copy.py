"""A copy of the source tree that mutants live in, with a build folder of its own."""

import os
import pathlib
import shutil
import subprocess

IGNORED = {"build", "data", ".venv", ".tools", ".git"}
LINKED = (".venv", ".tools")  # what the build and the tests use of the tree, and don't change


class DoesNotApply(Exception):
    """The patch doesn't fit the tree; says why."""


def apply_patch(root, patch, *, check_only=False):
    """Has `git apply` change the files below `root`, which needs no repository."""
    # Inside a repository git would leave out what lies above or isn't tracked.
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(root.parent)}
    command = ["git", "apply", *(["--check"] if check_only else []), str(patch)]
    applied = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True,
                             check=False)
    if applied.returncode != 0:
        raise DoesNotApply(applied.stderr.strip())


def source_files(root):
    """Every file of the tree that isn't git-ignored, from its root."""
    listing = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "-co", "--exclude-standard"],
                             capture_output=True, check=False)
    if listing.returncode == 0:
        names = [name for name in listing.stdout.decode().split("\0") if name]
        return {name for name in names if (root / name).is_file()}
    return {path.relative_to(root).as_posix() for path in root.rglob("*")
            if path.is_file() and path.relative_to(root).parts[0] not in IGNORED}


class TreeCopy:
    def __init__(self, root, place):
        self.root = root
        self.place = place

    def update(self):
        """Makes it as the tree is now. A file that is so already keeps its time, so that little is
        built anew."""
        wanted = source_files(self.root)
        self.place.mkdir(parents=True, exist_ok=True)
        for name in LINKED:
            if (self.root / name).exists() and not (self.place / name).is_symlink():
                (self.place / name).symlink_to(self.root / name)
        present = {path.relative_to(self.place).as_posix() for path in self._own_files()}
        for name in present - wanted:
            (self.place / name).unlink()
        for name in wanted:
            self._copy(name)

    def _own_files(self):
        for entry in self.place.iterdir():
            if entry.name in IGNORED:
                continue
            yield from (path for path in [entry, *entry.rglob("*")] if path.is_file())

    def _copy(self, name):
        source, target = self.root / name, self.place / name
        if target.is_file() and target.read_bytes() == source.read_bytes():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        shutil.copymode(source, target)

    def mutate(self, mutant):
        """Applies the patch; what is returned takes it back."""
        before = {name: (self.place / name).read_bytes() for name in mutant.files
                  if (self.place / name).is_file()}
        apply_patch(self.place, mutant.patch)

        def restore():
            for name in set(mutant.files) - set(before):
                (self.place / name).unlink()
            for name, contents in before.items():
                (self.place / name).write_bytes(contents)

        return restore

    def build(self, targets):
        """What the compiler says if it doesn't build, otherwise nothing."""
        built = subprocess.run([str(self.place / "tools/build.sh"), "release", *targets],
                               cwd=self.place, capture_output=True, text=True, check=False)
        return "" if built.returncode == 0 else built.stderr.strip()
