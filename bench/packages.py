"""Puts packages of Debian, Maven Central and crates.io into a folder of their own, without touching
the system: no service is started, nothing needs root."""

import os
import pathlib
import shutil
import subprocess

from peers.peer import Unavailable

POM = """<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>bench</groupId><artifactId>bench</artifactId><version>1</version>
  <dependencies>{dependencies}</dependencies>
</project>
"""


def run(command, what, directory=None):
    """Its output; raises Unavailable with the end of what it said."""
    try:
        done = subprocess.run([str(part) for part in command], cwd=directory, capture_output=True,
                              text=True, check=False)
    except OSError as error:
        raise Unavailable(f"{what}: {error}") from error
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Unavailable(f"{what}: " + " / ".join(said[-3:]))
    return done.stdout


def is_installed(folder, what):
    """Whether `folder` holds exactly `what`."""
    mark = pathlib.Path(folder, "installed")
    return mark.exists() and mark.read_text(encoding="utf-8") == what


def begin(folder):
    shutil.rmtree(folder, ignore_errors=True)
    pathlib.Path(folder).mkdir(parents=True)


def end(folder, what):
    pathlib.Path(folder, "installed").write_text(what, encoding="utf-8")


def debian(package, folder):
    """Unpacks a Debian package, and what it needs beyond the installed ones, into folder/root."""
    if is_installed(folder, package):
        return
    begin(folder)
    simulated = ["apt-get", "install", "--simulate", "--reinstall", "--no-install-recommends",
                 package]
    try:
        plan = run(simulated, f"apt-get can't find {package}")
    except Unavailable:
        run(["apt-get", "update"], "apt-get update")
        plan = run(simulated, f"apt-get can't find {package}")
    names = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    run(["apt-get", "download", *names], f"download of {', '.join(names)}", folder)
    for archive in pathlib.Path(folder).glob("*.deb"):
        run(["dpkg-deb", "--extract", archive, pathlib.Path(folder, "root")], archive.name)
        archive.unlink()
    end(folder, package)


def debian_environment(folder):
    """The variables that let the unpacked programs find their libraries."""
    root = pathlib.Path(folder, "root")
    places = [root / "usr/lib" / f"{os.uname().machine}-linux-gnu", root / "usr/lib"]
    return {"LD_LIBRARY_PATH": ":".join(map(str, places))}


def maven(coordinates, folder):
    """Copies artifacts and all that they depend on into folder/lib. A coordinate is
    group:artifact:version, with :type behind it for one that isn't a jar."""
    what = "\n".join(coordinates)
    if is_installed(folder, what):
        return
    begin(folder)
    dependencies = ""
    for coordinate in coordinates:
        group, artifact, version, *kind = coordinate.split(":")
        dependencies += (f"<dependency><groupId>{group}</groupId>"
                         f"<artifactId>{artifact}</artifactId><version>{version}</version>"
                         f"<type>{kind[0] if kind else 'jar'}</type></dependency>")
    pathlib.Path(folder, "pom.xml").write_text(POM.format(dependencies=dependencies),
                                               encoding="utf-8")
    run(["mvn", "--batch-mode", "--quiet", "dependency:copy-dependencies", "-DincludeScope=runtime",
         "-DoutputDirectory=lib"], f"Maven can't fetch {', '.join(coordinates)}", folder)
    end(folder, what)


def cargo(crate, version, folder):
    """Builds a crate's programs into folder/bin, on one core and politely."""
    what = f"{crate} {version}"
    if is_installed(folder, what):
        return
    begin(folder)
    run(["nice", "cargo", "install", "--locked", "--jobs", "1", "--root", folder, "--version",
         version, crate], f"cargo can't build {what}")
    end(folder, what)
