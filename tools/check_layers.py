#!/usr/bin/env python3
"""Checks every #include of src/, include/, apps/ and python/ against the module table of ARCHITECTURE.md, section 4.

    tools/check_layers.py [ROOT]

Prints one line for each include that the table does not allow and ends with 1 when there is one.
"""

import re
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

# The table's name of a third party and how the path of its headers begins.
THIRD_PARTIES = {
    "nlohmann-json": ("nlohmann/",),
    "OpenVINO": ("openvino/",),
    "libcurl": ("curl/",),
    "libcrypto": ("openssl/",),
    "Oniguruma": ("oniguruma.h",),
    "xxHash": ("xxhash.h",),
    "Arrow": ("arrow/",),
    "Parquet": ("parquet/",),
    "CLI11": ("CLI/",),
    "Boost": ("boost/",),
    "gRPC": ("grpc/", "grpcpp/", "google/protobuf/", "inference."),  # the last are generated from our .proto
    "prometheus-cpp": ("prometheus/",),
    "nanobind": ("nanobind/",),
}
SYSTEM = re.compile(r"(sys|linux|netinet|arpa|ext)/\w+\.h|"
                    r"(fcntl|fnmatch|glob|unistd|signal|sched|poll|pthread|dlfcn|malloc|spawn|immintrin|cpuid|cxxabi|pwd)\.h")
STANDARD = re.compile(r"[a-z_0-9]+")
STANDARD_OF_C = re.compile(r"std(def|int|bool)\.h")  # for headers NAME_c.h, which C programs include
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
CHECKED = ("src", "include", "apps", "python")
NEVER_MEET = ("prepare", "classify")
PUBLIC_RULE = "a public header includes the standard library and tastevin/ only"


@dataclass(frozen=True)
class Module:
    name: str
    may_include: tuple[str, ...]
    third_parties: tuple[str, ...]


@dataclass(frozen=True)
class Include:
    where: str  # file:line
    path: str
    angled: bool


def cells_of(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def names_in(cell):
    """`a`, `b` (remark) -> a, b"""
    plain = re.sub(r"\([^)]*\)", "", cell)
    return tuple(name for name in (part.strip(" `") for part in plain.split(",")) if name not in ("", "-"))


def read_table(architecture):
    """The rows of the first table after the heading of section 4, as modules by name."""
    section = re.split(r"^## ", architecture.split("\n## 4.", 1)[1], maxsplit=1, flags=re.M)[0]
    rows = [cells_of(line) for line in section.splitlines() if line.startswith("|")][2:]
    modules = {}
    for names, _, may_include, third_parties in rows:
        for name in names_in(names):
            modules[name] = Module(name, names_in(may_include), names_in(third_parties))
    unknown = {party for module in modules.values() for party in module.third_parties} - THIRD_PARTIES.keys()
    if unknown:
        raise SystemExit(f"check_layers: third parties without known headers: {', '.join(sorted(unknown))}")
    return modules


def module_of(path, modules):
    """The module that holds `path` (as the table spells it): the longest name that fits."""
    fitting = [name for name in modules if path == name or path.startswith(name + "/") or fnmatch(path, name)]
    return max(fitting, key=len, default=None)


def plain_public(modules):
    """The public headers that the table names one by one: every module may include them."""
    return {name for name in modules if name.startswith("tastevin/") and not name.endswith("*")}


def includes_of(file, root):
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if match := INCLUDE.match(line):
            yield Include(f"{file.relative_to(root)}:{number}", match[2], match[1] == "<")


def third_party_of(path):
    return next((name for name, starts in THIRD_PARTIES.items() if path.startswith(starts)), None)


def resolved(include, file, root):
    """The included file of this tree as the table spells it, or None when it is not one of ours."""
    for base in (root / "src", root / "include", root, file.parent):
        found = base / include.path
        if found.is_file() and found.resolve().is_relative_to(root):
            return table_path(found, root)
    return None


def table_path(file, root):
    """`src/base/json.h` is `base/json.h` in the table; what lies in src/ itself and in apps/ keeps its first folder."""
    path = file.resolve().relative_to(root)
    inner = path.parts[0] == "include" or (path.parts[0] == "src" and len(path.parts) > 2)
    return str(Path(*path.parts[1:])) if inner else str(path)


def judge_ours(module, target, modules):
    """Why `module` may not include the file `target` of this tree, or None."""
    other = module_of(target, modules)
    if other is None:
        return f"'{target}' belongs to no module of the table"
    if {module.name.split("/")[0], other.split("/")[0]} == set(NEVER_MEET):
        return "prepare/ and classify/ never include each other"
    patterns = (module.name, *module.may_include)
    if other in plain_public(modules):
        return None
    if any(fnmatch(target, pattern) or fnmatch(other, pattern) for pattern in patterns):
        return None
    return f"'{module.name}' may not include '{target}'"


def judge_foreign(module, include, public):
    if include.angled and STANDARD.fullmatch(include.path):
        return None
    if public:
        return PUBLIC_RULE
    if include.angled and SYSTEM.fullmatch(include.path):
        return None
    party = third_party_of(include.path)
    if party is None:
        return f"'{include.path}' is neither in this tree nor a third party of the table"
    return None if party in module.third_parties else f"'{module.name}' may not use {party}"


def judge(include, file, root, modules):
    if include.angled and file.name.endswith("_c.h") and STANDARD_OF_C.fullmatch(include.path):
        return None
    module = modules.get(module_of(table_path(file, root), modules))
    if module is None:
        return "this file belongs to no module of the table"
    public = file.is_relative_to(root / "include")
    target = resolved(include, file, root)
    if target is None:
        return judge_foreign(module, include, public)
    if public:
        return None if target.startswith("tastevin/") else PUBLIC_RULE
    return judge_ours(module, target, modules)


def sources_of(root):
    for top in CHECKED:
        yield from (file for file in sorted((root / top).rglob("*")) if file.suffix in (".h", ".cc", ".inc"))


def check(root):
    """One line a finding."""
    modules = read_table((root / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    findings = []
    for file in sources_of(root):
        for include in includes_of(file, root):
            if reason := judge(include, file, root, modules):
                findings.append(f"{include.where}: {reason}")
    return findings


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    findings = check(root)
    print("\n".join(findings) or "layers: every include stands in the table")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
