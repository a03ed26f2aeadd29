"""Files of results as tools write them."""

from io import BytesIO
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

_CHILDREN = {"Passed": "", "Failed": "<failure/>", "Error": "<error/>", "NotExecuted": "<skipped/>"}
_TYPE = '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">'


def junit(results):
    """JUnit's XML of pairs of a test's name and its outcome, as Azure DevOps calls it."""
    cases = "".join(
        f'<testcase name={quoteattr(name)} time="0.5">{_CHILDREN[outcome]}</testcase>'
        for name, outcome in results
    )
    head = f'<testsuites><testsuite name="pytest" tests="{len(results)}">'
    return f"{head}{cases}</testsuite></testsuites>".encode()


def cobertura(covered):
    """Cobertura's XML of how many lines are covered and how many there are, without the lines."""
    lines, valid = covered
    sums = f'lines-covered="{lines}" lines-valid="{valid}" line-rate="0.5"'
    return f'<?xml version="1.0" ?>{_TYPE}<coverage {sums}><packages/></coverage>'.encode()


def zipped(files):
    """An archive of these files by name."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()
