"""Is a part here that only Debian has? Tests that need one skip without it; with CI=true they fail."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def need(program: str) -> str:
    """Return the path of a program named in .ci/debian-parts, or skip the test (fail it when CI=true)."""
    found = shutil.which(program)
    if found:
        return found
    said = f"{program} is not installed (.ci/debian-parts says which Debian package has it)"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


def convert(workbook: Path, target: str, folder: Path, *, recalculate: bool = False) -> Path:
    """Let LibreOffice open a workbook and save it as another kind of file; return what it wrote.

    A profile of its own keeps parallel tests apart. recalculate: compute every formula anew while loading,
    instead of trusting the results in the file.
    """
    soffice = need("soffice")
    profile = folder / "profile"
    if recalculate:
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", target, "--outdir", str(folder / "out"), str(workbook)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    written = folder / "out" / f"{workbook.stem}.{target}"
    assert written.exists(), f"LibreOffice wrote nothing: {run.stdout}{run.stderr}"
    return written


_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
  <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
