"""What the files around the code say is true."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from base64 import b64encode
from importlib.metadata import packages_distributions
from pathlib import Path
from pkgutil import iter_modules

import click
import pytest

import trainboard_webhooks
from readme_example import WRITTEN_BY_PEOPLE, work_item
from trainboard import boards, cli, conversations, experiments, pipelines, repositories, trackers
from trainboard.settings import load

ROOT = Path(__file__).parents[2]
CODE = [path for root in ("bot", "webhooks") for path in sorted((ROOT / root).rglob("*.py"))]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(ROOT.glob("webhooks/*/*/*.md")),
]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
MAX_FUNCTION_LINES = 45
MAX_FILE_LINES = 400
# Written in two pieces, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org",
    "files.python" + "hosted",
    "registry.npm" + "js",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "deb.debian" + ".org",
    "archive.ubuntu" + ".com",
]
MACHINES = re.compile(r"(?<![\w}])(?:/home/|/Users/|/work/|/root/|[A-Z]:\\\\Users)(?!runner/)\w")


def name(path):
    """The path from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def tracked_texts():
    """Every text file that git knows, with its name."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone: git does not know which files are ours")
    listing = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for file in filter(None, listed.split("\0")):
        body = (ROOT / file).read_bytes() if (ROOT / file).is_file() else b""
        if b"\0" not in body:
            yield file, body.decode()


def make_targets():
    """The targets of the Makefile by name, with their text, None where there is none."""
    phony = re.search(r"^\.PHONY: (.*)$", makefile(), re.MULTILINE)
    texts = dict(re.findall(r"^([a-z-]+):.*?## (.+)$", makefile(), re.MULTILINE))
    return {target: texts.get(target) for target in phony[1].split()}


def makefile():
    return (ROOT / "Makefile").read_text()


def blocks(path, language):
    """The code blocks of a page in a language, without the indentation that they stand in."""
    fence = re.compile(rf"^( *)```{language}\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
    for indent, text in fence.findall(path.read_text()):
        yield re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)


def between(page, mark):
    """What stands in a page between `<!-- mark -->` and `<!-- /mark -->`."""
    return page.partition(f"<!-- {mark} -->\n")[2].partition(f"<!-- /{mark} -->")[0]


def test_readme_names_the_two_commands():
    """The README begins with the two commands that the Makefile has."""
    [commands, *_] = blocks(ROOT / "README.md", "sh")
    assert ["make demo", "make test"] == [line.partition("#")[0].strip() for line in commands.splitlines()]
    assert {"demo", "test"} <= make_targets().keys()


def test_readme_lists_the_commands():
    """The README's table names every command that there is, and no other."""
    [row] = re.findall(r"^\| Command line \| (.+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(commands(cli.main)) == sorted(re.findall(r"`([a-z -]+)`", row))


def commands(group, above=""):
    """The names of the commands in a group, those of groups in it with both names."""
    context = click.Context(group)
    for title in group.list_commands(context):
        command = group.get_command(context, title)
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{title} ")
        elif command is not None:
            yield f"{above}{title}"


def test_every_make_target_says_what_it_does():
    """`make help` has a text for every target."""
    assert [] == [target for target, text in make_targets().items() if not text]


def test_pages_name_only_targets_that_are_there():
    """A `make` command in a page can be typed."""
    wanted = {
        (name(page), target)
        for page in PAGES
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(), re.MULTILINE)
    }
    assert set() == {(page, target) for page, target in wanted if target not in make_targets()}


def test_readme_shows_what_the_bot_writes():
    """The work item in the README is the one that the code renders; TRAINBOARD_UPDATE_GOLDEN=1 writes it."""
    page = ROOT / "README.md"
    text = page.read_text()
    wanted = f"\n{work_item()}\n\n"
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        before, mark, rest = text.partition("<!-- work item -->\n")
        page.write_text(before + mark + wanted + rest[rest.index("<!-- /work item -->") :])
    assert wanted == between(page.read_text(), "work item")
    assert f"```markdown\n{WRITTEN_BY_PEOPLE}\n```\n" == between(text, "targets")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    """Relative links of a page name files that are there."""
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    relative = [link for link in links if "://" not in link]
    assert [] == [link for link in relative if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", [page for page in PAGES if "```toml" in page.read_text()], ids=name)
def test_settings_in_pages_are_valid(page, tmp_path):
    """A reader can copy every TOML block of a page into trainboard.toml."""
    for name_of_file in ("github-app.pem", "github-webhook-secret"):
        (tmp_path / name_of_file).write_text("key")
    for block in blocks(page, "toml"):
        environ = dict.fromkeys(re.findall(r'"env:(\w+)"', block), "whsec_" + b64encode(b"k" * 32).decode())
        environ |= dict.fromkeys(re.findall(r":env:(\w+)", block), "https://chat.example.com/secret")
        project = "" if "[[projects]]" in block else '[[projects]]\nname = "churn"\n'
        file = tmp_path / "trainboard.toml"
        file.write_text(f"{block}\n{project}")
        environ |= {"DATABASE_URL": "sqlite:///x.db"} if "DATABASE_URL" in block else {}
        load(file, environ)


def test_guide_names_every_field_of_a_run_report():
    """The guide to run reports lists what its schema has at the top."""
    schema = ROOT / "webhooks" / "trainboard_webhooks" / "runs" / "run-event.schema.json"
    guide = (ROOT / "docs" / "runs.md").read_text().partition("## Fields")[2]
    assert [] == [
        field for field in json.loads(schema.read_bytes())["properties"] if f"`{field}`" not in guide
    ]


def test_no_registry_is_named():
    """No file tells from where packages are to come: that is the installer's to choose."""
    found = [(file, host) for file, text in tracked_texts() for host in REGISTRIES if host in text]
    assert [] == found


def test_no_path_of_a_machine_is_named():
    """No file holds a path that exists on one developer's machine only."""
    assert [] == [(file, found[0]) for file, text in tracked_texts() if (found := MACHINES.search(text))]


def test_lock_files_agree():
    """A version that stands in two lock files is the same, so that one environment can serve both."""
    pins = [set(re.findall(r"^([\w.-]+==[^ ;\\]+)", lock.read_text(), re.MULTILINE)) for lock in LOCKS]
    assert len({pin.partition("==")[0] for pin in set().union(*pins)}) == len(set().union(*pins))
    assert 3 == len(pins)


def test_lock_files_hold_hashes():
    """Every version in a lock file has a hash."""
    lines = [line for lock in LOCKS for line in lock.read_text().splitlines() if re.match(r"\w", line)]
    assert [] == [line for line in lines if not line.endswith("\\")]


def test_lock_files_meet_the_project():
    """Every dependency of the project stands in the lock file of the service."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [re.match(r"[\w.-]+", line)[0] for line in project["dependencies"]]
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert [] == [dependency for dependency in named if dependency not in pinned]


def test_code_imports_only_what_is_installed_for_it():
    """What the code imports stands in the lock file of the service, not only in that of the tests."""
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    known = {*sys.stdlib_module_names, "trainboard", "trainboard_webhooks"}
    sources = packages_distributions()
    missing = {
        f"{module} in {name(path)}"
        for path in CODE
        for module in imported_by(path)
        if module not in known and not pinned & {canonical(each) for each in sources.get(module, ())}
    }
    assert set() == missing


def imported_by(path):
    """The top-level packages that a file imports."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0]


def canonical(distribution):
    """The name as lock files write it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_wheel_holds_our_two_packages(tmp_path):
    """The wheel has the two packages with all that they read, and neither fixtures nor anything else."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, capture_output=True, check=True)
    [wheel] = tmp_path.glob("*.whl")
    files = zipfile.ZipFile(wheel).namelist()
    tops = {file.partition("/")[0] for file in files}
    assert {"trainboard", "trainboard_webhooks"} == {top for top in tops if not top.endswith(".dist-info")}
    assert 3 == len(tops)
    assert sorted(wanted_in_wheel()) == sorted(file for file in files if ".dist-info/" not in file)


def wanted_in_wheel():
    """The files of both packages that a running service reads."""
    for root in (ROOT / "bot", ROOT / "webhooks"):
        for path in root.rglob("*"):
            if path.is_file() and not {"__pycache__", "fixtures"} & set(path.parts):
                yield path.relative_to(root).as_posix()


def test_imports_keep_their_contracts():
    """Nobody imports what the architecture forbids."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout.decode()


def test_every_source_and_adapter_stands_in_a_contract():
    """No source and no adapter is forgotten by the contracts that keep them apart."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    apart = {module for each in contracts if each["type"] == "independence" for module in each["modules"]}
    there = {
        f"{package.__name__}.{module.name}"
        for package, packages_only in (
            (trainboard_webhooks, True),
            (boards, False),
            (conversations, False),
            (trackers, False),
            (repositories, True),
            (pipelines, False),
            (experiments, False),
        )
        for module in iter_modules(package.__path__)
        if module.ispkg or not packages_only
    }
    assert there == apart


def test_functions_are_short():
    """No function is longer than a screen."""
    found = [
        f"{name(path)}:{node.lineno} {node.name}: {lines} lines"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := node.end_lineno - node.lineno + 1) > MAX_FUNCTION_LINES
        and "migrations" not in path.parts
    ]
    assert [] == found


def test_files_are_short():
    """No file is longer than a reader's patience."""
    counted = [(name(path), len(path.read_text().splitlines())) for path in CODE]
    assert [] == [f"{file}: {lines} lines" for file, lines in counted if lines > MAX_FILE_LINES]


def test_ci_runs_the_tests():
    """Continuous integration does what the README tells everybody to do, and can be started."""
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "\nmake test\n" in script.read_text()
