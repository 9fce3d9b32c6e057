"""Asks whatever the OpenAPI document allows, and much that it does not, with one token.

schema.py URL TOKEN SEED EXAMPLES PHASES IDS OWN: IDS is a JSON object of what stands in paths, OWN a
JSON list of routes ("GET /venues") that meet all PHASES while the others meet `fuzzing` alone; of an
empty one, all do. Prints one JSON line: how many requests there were, how many were answered as
documented, and what was not.
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


# In front of a route, unless it is above all networks.
BELOW = re.escape("/api/v1/networks/{network}")


def main(url, token, seed, examples, phases, ids, own):
    routes = [route.split(" ") for route in json.loads(own)]
    names = [f"{method} ({BELOW})?{re.escape(path)}" for method, path in routes]
    only = "|".join(f"^{name}$" for name in names)
    runs = [([f"--include-name-regex={only}"], phases), ([f"--exclude-name-regex={only}"], "fuzzing")]
    told = {"cases": 0, "passed": 0, "wrong": ""}
    for which, phases in runs if names else [([], phases)]:
        cases, passed, wrong = ask(url, token, seed, examples, [*which, f"--phases={phases}"], ids)
        told["cases"] += cases
        told["passed"] += passed
        told["wrong"] += wrong
    print(json.dumps(told))


def ask(url, token, seed, examples, which, ids):
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
            *which,
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
    return cases, passed, wrong


main(*sys.argv[1:])
