"""What a look at a notebook tells, rule by rule, and what of it a change brings."""

import pytest

from fakes.notebooks import SECRET, TABLE, code, failed, notebook, old_notebook, printed, prose, shown
from trainboard.notebooks import Finding, Rule, Severity
from trainboard.notebooks.reviewing import review_notebook

LONG = "".join(f"x{number} = {number}\n" for number in range(101))


def findings(*cells, before=None, **more):
    return review_notebook(notebook(*cells, **more), before).findings


def found(rule, *cells, **fields):
    return Finding(rule=rule, cells=cells, **fields)


def test_a_clean_notebook():
    """Run from top to bottom with its code in functions: nothing to say, and its size is told."""
    source = "import os\n\n\n@cache\ndef train():\n    # more\n    return 1\n\n\ntrain()\n"
    review = review_notebook(notebook(prose("# Title"), code(source, 1), code("%matplotlib inline", 2)))
    assert ((), 3, 5, 1, 1) == (
        review.findings,
        review.cells,
        review.lines,
        review.outside,
        review.functions,
    )
    assert ("", 0) == (review.trouble, review.images)


def test_outputs_that_were_stripped():
    """A notebook that was never run is how it should be committed."""
    assert () == findings(code("a = 1"), code("b = 2"))


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((1, 2, 3), ()),
        ((1, 3, 2), (found(Rule.OUT_OF_ORDER, 3),)),
        ((9, 1, 2), (found(Rule.OUT_OF_ORDER, 2, 3, amount=2),)),
        ((1, 2, 5), (found(Rule.GAPS),)),
        ((4, 5, 6), (found(Rule.GAPS),)),
        ((1, None, 2), (found(Rule.NEVER_RUN, 2),)),
    ],
)
def test_how_cells_were_run(runs, expected):
    """Only from top to bottom, in one go, does everybody get what is shown."""
    assert expected == findings(*(code("a = 1", run) for run in runs))


def test_empty_cells_need_no_run():
    """Nobody can tell whether they ran."""
    assert () == findings(code("a = 1", 1), code("", None))


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (f"key = '{SECRET}'", "an AWS access key"),
        ("t = 'ghp_" + "a1" * 18 + "'", "a GitHub token"),
        ("t = 'hf_" + "aB" * 17 + "'", "a Hugging Face token"),
        ("c = 'AccountName=a;AccountKey=" + "a/+B" * 21 + "=='", "an Azure storage key"),
        ("u = 'postgresql://ana:s3cret!pw@db.acme.example/x'", "a password in an address"),
        ("password = 'tr0ub4dor&3'", "a password or a key"),
        ("os.environ['API_KEY'] = \"0123456789abcdef\"", "a password or a key"),
        ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ("eyJ" + "a" * 20 + ".eyJ" + "b" * 20 + "." + "c" * 20, "a JSON web token"),
    ],
)
def test_credentials_are_named_by_kind(source, kind):
    """In a source and in an output, of whatever cell; they press."""
    given = {
        (rule.detail, rule.cells) for rule in findings(prose(source), code("print(x)", 1, printed(source)))
    }
    assert {(f"{kind} in its source", (1,)), (f"{kind} in its output", (2,))} == given
    assert Severity.PRESSING is Rule.CREDENTIAL.severity


def test_a_credential_is_not_repeated():
    """Nothing of it is left in what is stored."""
    review = review_notebook(notebook(code(f"key = '{SECRET}'", 1, failed("KeyError", f"key {SECRET}"))))
    assert 2 == sum(each.rule is Rule.CREDENTIAL for each in review.findings)
    assert SECRET[6:] not in repr(review)


@pytest.mark.parametrize(
    "source",
    [
        "token = os.environ['TOKEN']",
        "password = 'your-password-1'",
        "password = '${DB_PASSWORD_1}'",
        "api_key = '<api key 12345>'",
        "tokenizer = 'bert-base-v2-uncased'",
        "secret = 'nothing'",
        "url = 'https://user@host.example/a1:b2@c3'",
        "sha = '0123456789abcdef0123456789abcdef01234567'",
    ],
)
def test_what_is_no_credential(source):
    """Places to put one, words, and hashes."""
    assert () == findings(code(source))


def test_errors_in_outputs():
    """Somebody committed a notebook that does not work."""
    assert (found(Rule.ERROR, 2),) == findings(code("a = 1", 1), code("f()", 2, failed()))


def test_tables_in_outputs():
    """Rows of data frames are data, which the repository may not hold."""
    cells = [code("df", 1, shown(text_html=TABLE)), code("df", 2, shown(2, text_html=["<b>", "x</b>"]))]
    assert (found(Rule.TABLE, 1, amount=2),) == findings(*cells)


def test_large_outputs():
    """Pictures are counted, and from a hundred thousand bytes on they are in the way."""
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBO" * 30_000}}
    review = review_notebook(notebook(code("plot()", 1, picture, printed("x")), code("plot()", 2, picture)))
    [only] = review.findings
    assert (Rule.OUTPUTS, review.output_bytes, 2) == (only.rule, only.amount, review.images)
    assert 240_000 < only.amount < 241_000


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        ("df = read('/home/runner/data.csv')", "/home"),
        ("df = read('/Users/runner/data.csv')", "/Users"),
        ("df = read('/content/drive/x.csv')", "/content/drive"),
        ("df = read(r'C:\\data\\x.csv')", "C:"),
        ("df = read('D:\\\\data\\\\x.csv')", "D:"),
    ],
)
def test_paths_of_one_machine(source, detail):
    """They are on no other; whose it is is not repeated."""
    assert (found(Rule.ABSOLUTE_PATH, 1, detail=detail),) == findings(code(source))


@pytest.mark.parametrize(
    "source",
    [
        "read('data/home/x.csv')",
        "get('https://acme.example/home/x')",
        "print('%s:\\n' % x)",
        "a = '~/home/runner/x'",
    ],
)
def test_what_is_no_path_of_one_machine(source):
    """Relative ones, addresses, and text."""
    assert () == findings(code(source))


@pytest.mark.parametrize("source", ["def f(:", "a = ", "x = (1", "1" + "+1" * 5_000, "(" * 500 + ")" * 500])
def test_cells_that_are_no_python(source):
    """Nobody can have run them; too deep to be parsed is the same."""
    assert [(Rule.BROKEN_CELL, (1,))] == [(each.rule, each.cells) for each in findings(code(source))]


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\nimport os",
        "!ls -l \\\n  data",
        "files = !ls data",
        "t = %timeit -o f()",
        "df?",
        "await fetch()",
        "%%time\nf()",
        "%%bash\nif [ -f x ]; then echo; fi",
        "\n%%html\n<b>",
        "if x:\n    %time f()\n    !rm x",
    ],
)
def test_magic_is_no_fault(source):
    """What IPython makes of it is its own business."""
    assert () == findings(code(source))


def test_another_language_is_not_judged_as_python():
    """R is no broken Python."""
    assert () == findings(code("x <- c(1, 2)\nf(x) |> print()"), language="R")


@pytest.mark.parametrize(
    "source",
    [
        "!pip install x",
        "%pip install x",
        "  !python -m pip install x",
        "! uv pip install x",
        "%conda install x",
    ],
)
def test_packages_installed_by_a_cell(source):
    """Next week they are other ones."""
    assert (found(Rule.INSTALL, 1),) == findings(code(source))


def test_chance_without_a_seed():
    """Whoever runs it again gets something else."""
    chance = code("import numpy as np\nx = np.random.normal()")
    assert (found(Rule.NO_SEED, 1),) == findings(chance)
    assert () == findings(code("np.random.seed(1)"), chance)


def test_much_outside_of_functions():
    """More than a hundred lines are remarked on, or another number; functions and imports do not count."""
    review = review_notebook(notebook(code(LONG), code("def f():\n    pass\n" * 50)))
    assert (found(Rule.OUTSIDE, amount=101, detail="50%"),) == review.findings
    assert (201, 101, 50) == (review.lines, review.outside, review.functions)
    assert () == findings(code(LONG.partition("\n")[2]))
    assert () == review_notebook(notebook(code(LONG)), long_outside=101).findings
    assert (found(Rule.OUTSIDE, amount=2, detail="100%"),) == review_notebook(
        notebook(code("a = 1\nb = 2")), long_outside=1
    ).findings


def test_what_was_there_before():
    """Only what the change brings is its own, wherever the cells went."""
    old = code(f"key = '{SECRET}'\nread('/home/runner/x')")
    new = code("key = 'ghp_" + "a1" * 18 + "'")
    given = findings(prose("new"), new, old, old, before=notebook(old))
    assert [
        ("a GitHub token in its source", (2,), False),
        ("an AWS access key in its source", (4,), False),
        ("/home", (4,), False),
        ("an AWS access key in its source", (3,), True),
        ("/home", (3,), True),
    ] == [(each.detail, each.cells, each.before) for each in given]


@pytest.mark.parametrize(("lines", "before"), [(101, True), (110, True), (150, False)])
def test_what_grew(lines, before):
    """A little more of the same was there before; much more was not."""
    longer = code("".join(f"y{number} = {number}\n" for number in range(lines)))
    [only] = findings(longer, before=notebook(code(LONG)))
    assert (Rule.OUTSIDE, before) == (only.rule, only.before)


def test_a_base_that_is_no_notebook():
    """All is new then."""
    [only] = findings(code("f()", 1, failed()), before="<<<<<<< HEAD")
    assert not only.before


def test_an_old_notebook():
    """Format 3 has worksheets, inputs and prompt numbers."""
    error = {"output_type": "pyerr", "ename": "E", "evalue": "", "traceback": []}
    table = {"output_type": "pyout", "html": [TABLE], "prompt_number": 2, "metadata": {}}
    cells = [
        {
            "cell_type": "code",
            "input": "!pip install x",
            "prompt_number": 3,
            "language": "python",
            "outputs": [error],
        },
        {"cell_type": "code", "input": ["df"], "prompt_number": 2, "language": "python", "outputs": [table]},
    ]
    review = review_notebook(old_notebook(*cells))
    assert [Rule.ERROR, Rule.TABLE, Rule.OUT_OF_ORDER, Rule.INSTALL] == [
        each.rule for each in review.findings
    ]


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", "it is no valid JSON"),
        ("<<<<<<< HEAD", "it is no valid JSON"),
        ("[" * 100_000, "it is no valid JSON"),
        ("[]", "it has no cells"),
        ('{"nbformat": 4}', "it has no cells"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "it is kept in Git LFS"),
        (" " * 2_000_001, "it has more than 2 MB"),
    ],
)
def test_what_cannot_be_looked_at(text, trouble):
    """It is said, and nothing else is."""
    review = review_notebook(text, notebook(code("f()", 1, failed())))
    assert (trouble, ()) == (review.trouble, review.findings)


def test_numbers_that_json_does_not_know():
    """Libraries write NaN into outputs."""
    text = notebook(code("f()", 1, shown(application_json={"x": float("nan")})))
    assert ("", ()) == (review_notebook(text).trouble, review_notebook(text).findings)


def test_outputs_are_counted_in_bytes():
    """What is kept in a repository is no number of letters."""
    told = printed("é" * 60_000)
    [only] = findings(code("f()", 1, told))
    assert (Rule.OUTPUTS, True) == (only.rule, only.amount > 120_000)


@pytest.mark.parametrize(
    "output",
    [
        shown(text_markdown=f"`{SECRET}`"),
        shown(application_javascript=f"key = '{SECRET}'"),
        {"output_type": "display_data", "data": {"application/vnd.plotly.v1+json": {"title": SECRET}}},
        {"output_type": "display_data", "data": {"image/svg+xml": [f"<text>{SECRET}</text>"]}},
        {"output_type": "error", "ename": "HTTPError", "evalue": f"401 for {SECRET}", "traceback": []},
    ],
)
def test_a_credential_in_any_output_that_is_text(output):
    """Not only what is printed is read by others."""
    found = [each.detail for each in findings(code("f()", 1, output)) if each.rule is Rule.CREDENTIAL]
    assert ["an AWS access key in its output"] == found


def test_a_credential_at_the_end_of_a_long_output():
    """All that is read of a notebook is looked through."""
    [first, _] = findings(code("f()", 1, printed("epoch 1 " * 150_000 + SECRET)))
    assert Rule.CREDENTIAL is first.rule
