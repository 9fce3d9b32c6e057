"""Asks whatever the OpenAPI document allows, and much that it does not, with one token.

schema.py URL TOKEN SEED EXAMPLES PHASES IDS: IDS is a JSON object of what stands in paths. Prints one
JSON line: how many requests there were, how many were answered as documented, and what was not.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

CHECKS = ",".join(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
)


def main(url, token, seed, examples, phases, ids):
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "schemathesis.toml")
        fixed = [f'"path.{name}" = "{value}"' for name, value in json.loads(ids).items()]
        config.write_text("\n".join(["[parameters]", *fixed]))
        command = [
            str(pathlib.Path(sys.executable).with_name("schemathesis")),
            f"--config-file={config}",
            "run",
            f"{url}/openapi.json",
            f"--checks={CHECKS}",
            f"--phases={phases}",
            f"--max-examples={examples}",
            f"--seed={seed}",
            "--workers=1",
            "--no-shrink",
            "--continue-on-failure",
            "--warnings=off",
            "--request-timeout=30",
        ]
        if token:
            command.append(f"--header=Authorization: Bearer {token}")
        run = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )
    counted = re.search(r"(\d+) generated, (\d+) passed", run.stdout)
    cases, passed = (int(number) for number in counted.groups()) if counted else (0, 0)
    well = run.returncode == 0 and cases == passed > 0
    wrong = "" if well else (run.stdout + run.stderr)[-20_000:]
    print(json.dumps({"cases": cases, "passed": passed, "wrong": wrong}))


main(*sys.argv[1:])
