#!/usr/bin/env python3
"""Holds THIRD_PARTY.md against what a build is linked with.

    tools/check_third_party.py [--root ROOT] FILE ...

FILE are programs and libraries. Each Debian package of a library that `ldd` finds for them must stand in a table of the
page with the beginning of its version, and no other linked one; the packages used by their headers must be among those
of tools/setup.sh; the wheels must have the versions of tools/requirements/build.txt; each package of CMake must stand
there. Prints one line a finding and ends with 1 when there is one.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def rows_of(page, heading):
    """The cells of each row of the table below `heading`."""
    section = page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]
    return rows[2:]


def listed_packages(page, heading):
    """{package: version} of a table with the columns what, CMake, package, version, licence."""
    return {name: version for _, _, names, version, licence in rows_of(page, heading) if licence for name in names.split(", ")}


def linked_packages(files, root):
    """The Debian packages of what is loaded with `files`; what comes from wheels or this tree is in none."""
    paths = set()
    for file in files:
        paths.update(re.findall(r"=> (/.+) \(0x", output_of("ldd", file)))
    outside = [path for path in map(lambda path: Path(path).resolve(), paths) if not path.is_relative_to(root.resolve())]
    system = [path for path in outside if ".deps" not in path.parts]
    return {package_of(path) for path in system}


def package_of(path):
    """Packages know a file by the place where it was before /usr took over /lib."""
    for place in (str(path), str(path).removeprefix("/usr")):
        found = subprocess.run(["dpkg", "-S", place], capture_output=True, text=True, check=False).stdout
        if found:
            return found.split(":")[0]
    return str(path)


def upstream(package):
    """2:6.2.1+dfsg1-1.1 -> 6.2.1"""
    return re.match(r"(?:\d+:)?([\d.]*\d)", output_of("dpkg-query", "-W", "-f=${Version}", package))[1]


def check_versions(listed):
    for package, version in sorted(listed.items()):
        found = subprocess.run(["dpkg-query", "-W", package], capture_output=True, text=True, check=False)
        if found.returncode != 0:
            yield f"{package}: no package that is installed"
        elif not (upstream(package) + ".").startswith(version + "."):
            yield f"{package}: version {upstream(package)}, the page says {version}"


def check_linked(page, files, root):
    listed, linked = listed_packages(page, "From Debian, linked"), linked_packages(files, root)
    yield from (f"{package}: linked, but not on the page" for package in sorted(linked - listed.keys()))
    yield from (f"{package}: on the page, but not linked" for package in sorted(listed.keys() - linked))
    yield from check_versions({package: version for package, version in listed.items() if package in linked})


def check_headers(page, root):
    listed = listed_packages(page, "From Debian, by headers")
    installed = re.findall(r"[\w.+-]+", (root / "tools/setup.sh").read_text(encoding="utf-8"))
    yield from (f"{package}: on the page, but tools/setup.sh installs none" for package in listed if package not in installed)
    yield from check_versions(listed)


def check_wheels(page, root):
    pinned = (root / "tools/requirements/build.txt").read_text(encoding="utf-8")
    versions = [row[2] for row in rows_of(page, "From wheels")]
    for name, version in re.findall(r"^(\w+)==(\S+)", pinned, re.M):
        if version not in versions:
            yield f"{name}: {version} in tools/requirements/build.txt, not on the page"


def check_cmake(page, root):
    text = (root / "cmake/TastevinDependencies.cmake").read_text(encoding="utf-8")
    for name in re.findall(r"find_package\(([\w-]+)|find_path\((\w+)_INCLUDE_DIR", text):
        if f"`{name[0] or name[1]}`" not in page:
            yield f"{name[0] or name[1]}: looked for by CMake, not on the page"


def check(files, root):
    page = (root / "THIRD_PARTY.md").read_text(encoding="utf-8")
    return [*check_linked(page, files, root), *check_headers(page, root), *check_wheels(page, root), *check_cmake(page, root)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[1])
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    findings = check(arguments.files, arguments.root)
    print("\n".join(findings) or "third parties: the page has what is linked")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
