"""What the service is made of is known to the byte, and its image holds nothing that it does not need."""

import json
import re
import subprocess
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
STAGES = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)[1:]


def pins():
    """Name, version and hashes of each package of the lock file."""
    blocks = re.findall(r"^([\w.-]+)==([^ ;\\]+)((?:.*\\\n)*.*)", LOCK.read_text(), re.MULTILINE)
    return {
        (name, version): set(re.findall(r"sha256:([0-9a-f]{64})", rest)) for name, version, rest in blocks
    }


def test_the_bill_of_materials_names_every_package_with_its_hashes(tmp_path):
    """By the program and the options of `make sbom`."""
    recipe = re.search(r"cyclonedx-py (.*?)\n\n", (ROOT / "Makefile").read_text(), re.DOTALL)[1]
    options = recipe.replace("\\\n", " ").replace("dist/", f"{tmp_path}/").split()
    program = Path(sysconfig.get_path("scripts")) / "cyclonedx-py"
    subprocess.run([program, *options], cwd=ROOT, check=True, capture_output=True)

    bill = json.loads((tmp_path / "trainboard.cdx.json").read_text())

    told = {
        (each["name"], each["version"]): {
            hash_["content"] for reference in each["externalReferences"] for hash_ in reference["hashes"]
        }
        for each in bill["components"]
    }
    assert pins() == told
    assert ("trainboard", "CycloneDX") == (bill["metadata"]["component"]["name"], bill["bomFormat"])


def test_the_image_takes_nothing_that_is_not_locked():
    """Both stages are of one base, which a digest can be given for; packages are wheels with known hashes."""
    assert ["${PYTHON} AS build", "${PYTHON}"] == [stage.splitlines()[0].strip() for stage in STAGES]
    installs = re.findall(r"pip install ([^&]*)", STAGES[0].replace("\\\n", " "))
    assert 3 == len(installs)
    for options in installs:
        locked = {"--require-hashes", "--only-binary"} <= set(options.split())
        assert locked or {"--no-index", "--no-deps"} <= set(options.split())


def test_the_image_runs_as_nobody_and_holds_no_tool_to_install_with():
    """What is copied is the installed service alone, without pip; the process has a number and no right."""
    final = STAGES[1]
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", final, re.MULTILINE)
    assert ["--from=build /opt/trainboard /opt/trainboard"] == re.findall(r"^COPY (.*)$", final, re.MULTILINE)
    assert "pip uninstall --yes pip" in final
    assert "/opt/trainboard/bin/pip uninstall --yes pip" in STAGES[0]
    assert not re.search(r"apt-get|apk |curl|gcc", final)
