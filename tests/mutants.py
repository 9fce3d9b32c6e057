#!/usr/bin/env python3
"""Changes the code of a crate on purpose, and says of which changes no test takes notice.

tests/mutants.py CRATE [--re=REGEX] [--go-on] FILE…, for example:
tests/mutants.py domain 'domain/src/voucher/*.rs'

With --re only those changes whose names, as cargo-mutants gives them, match; with --go-on those only of which
no test took notice in the runs before.

The tests are those inside of the crate, and for `commands` also the suite on the embedded engine.

cargo-mutants (`cargo install cargo-mutants`) says which changes there are, but builds the tests anew
for each, and runs all of them. Here they are built once, with all changes in them: the body of a
function becomes one `match` on a number in the environment, with an arm for each change. What does not
compile is left out. Every test runs once by itself and notes the functions that it enters; a change is
tried on those tests only that enter its function, those of functions that few tests enter first. The real
program, which some tests start, is changed in the same way. Works on a copy of what is committed; one line
per change goes to target/mutants.tsv.
"""

import collections
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "target"
TABLE = TARGET / "mutants.tsv"
MISSED, GO_ON = "MISSED", "--go-on"
# What the suite has that is slow, needs a server, or looks at something else than acts.
NOT_ASKED = [
    *("postgres", "relay::", "witness::", "vault::", "faults::", "bench::", "demo::"),
    *("house::", "harness::", "pages::", "projections::", "views::"),
]
# How many tests one process is asked for: the first that fails ends it.
FIRST, AT_ONCE = 5, 40
# There are as many processes as cores.
ONE = ["--test-threads=1", "--exact"]
PROFILE = ["--profile", "mutants"]
SETTINGS = '\n[profile.mutants]\ninherits = "dev"\ndebug = false\n'
NUMBER = """
#[allow(missing_docs)]
pub fn number_of_the_mutant(function: u32) -> u32 {
    use std::sync::{Mutex, OnceLock};
    static NUMBER: OnceLock<u32> = OnceLock::new();
    static ENTERED: OnceLock<Option<(std::fs::File, Mutex<Vec<u32>>)>> = OnceLock::new();
    let entered = ENTERED.get_or_init(|| {
        let name = std::env::var_os("MUTANT_ENTERED")?;
        let file = std::fs::OpenOptions::new().append(true).open(name).ok()?;
        Some((file, Mutex::default()))
    });
    if let Some((file, known)) = entered {
        let mut known = known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !known.contains(&function) {
            known.push(function);
            let _ = std::io::Write::write_all(&mut &*file, format!("{function}\\n").as_bytes());
        }
    }
    *NUMBER.get_or_init(|| std::env::var("MUTANT").ok().and_then(|n| n.parse().ok()).unwrap_or(0))
}
"""
ALLOWED = "#![allow(arithmetic_overflow, unconditional_panic, overflowing_literals)]\n"


def listed(copy, crate, words):
    command = ["cargo", "mutants", "--list", "--json", "--package", crate]
    files = (word if word.startswith("--re=") else f"--file={word}" for word in words if word != GO_ON)
    told = json.loads(subprocess.check_output([*command, *files], cwd=copy))
    known = {line.split("\t")[1] for line in noticed_before(words)}
    told = [mutant for mutant in told if mutant["name"] not in known]
    return {number: mutant for number, mutant in enumerate(told, 1)}


def noticed_before(words):
    lines = TABLE.read_text().splitlines() if GO_ON in words else []
    return [line for line in lines if not line.startswith(MISSED)]


def offset(lines, place):
    return sum(len(line) + 1 for line in lines[: place["line"] - 1]) + place["column"] - 1


def body(text, start):
    """Where the body of the function begins that begins at `start` with its attributes."""
    depth, at = 0, start
    pieces = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|[][(){}]')
    while piece := pieces.search(text, at):
        at, mark = piece.end(), piece.group()
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(mark, 0)
        if mark == "{" and depth == 0:
            return piece.start()
    raise ValueError("a function without a body")


def function_of(mutant):
    """Where the function of a change stands, the same for all of its changes."""
    return mutant["file"], *(mutant["function"]["span"]["start"][name] for name in ("line", "column"))


def with_arms(text, mutants, functions_by_place):
    """The text with all these changes as arms, and for each line of an arm whose it is."""
    lines = text.split("\n")
    span = lambda of: (offset(lines, of["start"]), offset(lines, of["end"]))
    functions = collections.defaultdict(dict)
    for number, mutant in mutants.items():
        functions[span(mutant["function"]["span"])][number] = mutant
    new, whose, done = "", {}, 0

    def add(arm, numbers):
        nonlocal new
        first = new.count("\n") + 1
        new += arm
        whose.update({line: numbers for line in range(first, new.count("\n") + 1)})

    for (start, end), own in sorted(functions.items()):
        opens = body(text, start)
        place = function_of(next(iter(own.values())))
        number = functions_by_place.setdefault(place, len(functions_by_place))
        new += text[done:opens] + f"{{ match crate::number_of_the_mutant({number}) {{\n"
        for number, mutant in own.items():
            begins, ends = span(mutant["span"])
            arm = text[opens:begins] + mutant["replacement"] + text[ends:end]
            add(f"{number} => {arm}\n", {number})
        add(f"_ => {text[opens:end]}\n", set(own))
        new, done = new + "}}", end
    return new + text[done:], whose


def can_be_an_arm(copy, mutant):
    """Constants and constant functions cannot ask for the number."""
    if not mutant["function"]:
        return False
    lines = (copy / mutant["file"]).read_text().split("\n")
    begin = offset(lines, mutant["function"]["span"]["start"])
    text = "\n".join(lines)
    return " const fn " not in " " + text[begin : body(text, begin)]


def put_into(copy, crate, mutants):
    """Puts all changes that compile into the copy; the others are taken from `mutants`. Answers with the
    numbers of the functions."""
    functions = {}
    sources = {name: (copy / name).read_text() for name in {m["file"] for m in mutants.values()}}
    top = copy / crate / "src/lib.rs"
    head = re.sub(r"(?m)^(?!//!)", ALLOWED, top.read_text(), count=1) + NUMBER
    while True:
        whose = {}
        for name, text in sources.items():
            own = {number: m for number, m in mutants.items() if m["file"] == name}
            changed, whose[name] = with_arms(text, own, functions)
            (copy / name).write_text(changed)
        top.write_text(head)
        run, told = cargo(copy, "check", "--package", crate)
        if run.returncode == 0:
            return functions
        bad = set()
        for message in (it["message"] for it in told if it["reason"] == "compiler-message"):
            if message["level"] == "error":
                for place in sorted(message["spans"], key=lambda place: not place["is_primary"]):
                    while place["expansion"]:
                        place = place["expansion"]["span"]
                    found = whose.get(place["file_name"], {}).get(place["line_start"])
                    if found:
                        bad |= found
                        break
        if not bad:
            sys.exit(run.stderr)
        for number in bad:
            mutants.pop(number, None)


def cargo(copy, *words):
    command = ["cargo", *words, *PROFILE, "--message-format=json"]
    run = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    return run, [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


def built(copy, kind, *words):
    """The program of this kind that this makes."""
    run, told = cargo(copy, *words)
    if run.returncode != 0:
        sys.exit(run.stderr)
    made = [it for it in told if it.get("executable") and it["target"]["kind"] == [kind]]
    return made[-1]["executable"]


# The tests of a program, by name: how long each lasts, and which functions it enters. A change is noticed
# when one of them fails, or those that are asked last longer than the limit.
Tests = collections.namedtuple("Tests", ["program", "folder", "limit_s", "skipped", "entered"])


def tests_of(copy, crate):
    inside = built(copy, "lib", "test", "--no-run", "--package", crate, "--lib")
    every = [Tests(inside, copy / crate, 60, [], {})]
    if crate == "commands":
        os.environ["CHANGED_BIN"] = built(copy, "bin", "build", "--package", "gateway")
        suite = built(copy, "test", "test", "--no-run", "--package", "tests", "--test", "suite")
        skipped = [word for name in NOT_ASKED for word in ("--skip", name)]
        every.append(Tests(suite, copy / "tests", 120, skipped, {}))
    return every


@contextlib.contextmanager
def environment(**ours):
    """An environment with these values, which the real program has too, however a test clears it."""
    with tempfile.TemporaryDirectory() as folder:
        every = {**os.environ, **ours}
        if program := os.environ.get("CHANGED_BIN"):
            script = pathlib.Path(folder, "sospeso")
            values = " ".join(f"{name}={value}" for name, value in ours.items())
            script.write_text(f'#!/bin/sh\n{values} exec {program} "$@"\n')
            script.chmod(0o755)
            every["SOSPESO_BIN"] = str(script)
        yield every


def enter(tests):
    """Runs every test by itself and notes what it enters."""
    command = [tests.program, "--list", *tests.skipped]
    told = subprocess.check_output(command, cwd=tests.folder, text=True)
    names = [line.removesuffix(": test") for line in told.splitlines() if line.endswith(": test")]

    def alone(name):
        with tempfile.NamedTemporaryFile("r") as file, environment(MUTANT_ENTERED=file.name) as env:
            begun = time.monotonic()
            run = subprocess.run(
                [tests.program, "--exact", name], cwd=tests.folder, env=env, capture_output=True
            )
            if run.returncode != 0:
                sys.exit(f"without any change, {name} fails")
            entered = file.read().split()
            return name, time.monotonic() - begun, {int(number) for number in entered}

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, seconds, functions in pool.map(alone, names):
            tests.entered[name] = seconds, functions


def entering(tests, function):
    return [name for name, (_, entered) in tests.entered.items() if function in entered]


def noticed_by(every, number, mutant, function, noticed):
    """Which test takes notice of the change; those are asked first that noticed another of the function,
    then those of its own module, then the quick."""
    parts = pathlib.Path(mutant["file"]).with_suffix("").parts[2:]
    own, folder = "".join(f"{part}::" for part in parts), f"{parts[0]}::"
    for tests in every:
        asked = entering(tests, function)
        rank = lambda name: (
            *(name not in noticed, not name.startswith(own), not name.startswith(folder)),
            tests.entered[name][0],
        )
        asked.sort(key=rank)
        first, many = 0, FIRST
        while first < len(asked):
            if by := notices(tests, number, asked[first : first + many]):
                return by
            first, many = first + many, AT_ONCE
    return ""


def notices(tests, number, names):
    with environment(MUTANT=str(number)) as env:
        run = subprocess.Popen(
            ["timeout", "--signal=KILL", str(tests.limit_s), tests.program, *ONE, *names],
            cwd=tests.folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        for line in run.stdout:
            if line.startswith("test ") and line.endswith("... FAILED\n"):
                os.killpg(run.pid, signal.SIGKILL)
                run.wait()
                return line.split()[1]
        return "" if run.wait() == 0 else "it does not end in order"


def tried(every, mutants, functions, before):
    """Tries all changes and writes down what takes notice of them; answers with how many are missed."""
    number_of = {number: functions[function_of(mutant)] for number, mutant in mutants.items()}
    noticed = collections.defaultdict(set)
    writing, missed = threading.Lock(), 0
    in_order = sorted(mutants, key=lambda it: sum(len(entering(tests, number_of[it])) for tests in every))

    def one(number):
        nonlocal missed
        mutant, function = mutants[number], number_of[number]
        by = noticed_by(every, number, mutant, function, set(noticed[function]))
        with writing:
            noticed[function].add(by)
            missed += not by
            print(by or MISSED, mutant["name"], sep="\t", file=table, flush=True)

    with TABLE.open("w") as table:
        for line in before:
            print(line, file=table)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            collections.deque(pool.map(one, in_order), maxlen=0)
    return missed


def main(crate, *words):
    os.environ["CARGO_TARGET_DIR"] = str(TARGET)
    os.environ.setdefault("PROPTEST_CASES", "60")
    os.environ["PROPTEST_FAILURE_PERSISTENCE"] = "off"
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder, "copy")
        subprocess.check_call(["git", "clone", "--quiet", str(ROOT), str(copy)])
        with (copy / "Cargo.toml").open("a") as settings:
            settings.write(SETTINGS)
        every = listed(copy, crate, words)
        mutants = {number: m for number, m in every.items() if can_be_an_arm(copy, m)}
        arms = len(mutants)
        functions = put_into(copy, crate, mutants)
        every_test = tests_of(copy, crate)
        for tests in every_test:
            enter(tests)
        missed = tried(every_test, mutants, functions, noticed_before(words))
    print(
        f"{len(every)} changes: {len(every) - arms} of constants are not tried, "
        f"{arms - len(mutants)} do not compile, {len(mutants) - missed} are noticed, {missed} missed"
    )


main(*sys.argv[1:])
