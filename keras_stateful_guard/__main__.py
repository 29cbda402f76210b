"""The demo: `python -m keras_stateful_guard` lints, refuses, trains and proves on a real series."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import time
from pathlib import Path

DEMO = Path(__file__).parent / "demo"
PICTURE = Path("states.png")
PYLINT = ("-m", "pylint", "--rcfile=", "--load-plugins=pylint_plugin", "--disable=all")


def main() -> int:
    """Run the demo; return 0 where every part came out as it must."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    started = time.monotonic()
    good = lint("wrong.py", clean=False) and refuse() and train() and lint("right.py", clean=True)
    good = good and compare()
    say(f"{'All as promised' if good else 'NOT as promised'}, {time.monotonic() - started:.0f} s.")
    return 0 if good else 1


def say(text: str) -> None:
    """Print one paragraph at once."""
    print(f"\n{text}", flush=True)  # noqa: T201 (the demo talks)


def lint(script: str, *, clean: bool) -> bool:
    """Show what the linter says of a script, with no Keras imported."""
    say(f"pylint on demo/{script}:")
    template = "--msg-template=line {line}: {msg_id} {symbol}\n    {msg}"
    options = ["--enable=stateful-rnn", "--score=n", template]
    command = [sys.executable, *PYLINT, *options, str(DEMO / script)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [line for line in run.stdout.splitlines() if not line.startswith("*")]
    say("\n".join(found) or run.stderr.strip() or "nothing to report")
    return run.returncode == 0 if clean else bool(found)


def refuse() -> bool:
    """Run the wrong script with the guard in its fit, which must refuse it."""
    from keras_stateful_guard import StatefulGuard, StatefulPitfallError  # noqa: PLC0415 (loads Keras)

    say("The same script with callbacks=[StatefulGuard()] in its fit:")
    source = (DEMO / "wrong.py").read_text(encoding="utf-8")
    guarded = source.replace("epochs=2,", "epochs=2, callbacks=[StatefulGuard()],")
    try:
        exec(compile(guarded, "wrong.py", "exec"), {"StatefulGuard": StatefulGuard})
    except StatefulPitfallError as error:
        say(f"StatefulPitfallError before the first step:\n{error}")
        return True
    return False


def train() -> bool:
    """Run the right script and compare it with the stateless model over whole streams."""
    say("demo/right.py: streams laid by stateful_batches, their boundaries given to the guard:")
    found = runpy.run_path(str(DEMO / "right.py"))
    say(str(found["guard"].report))
    say(
        "Chunk by chunk with states against the whole streams without, same weights: "
        f"largest difference {found['gap']:.1e}"
    )
    found["picture"].savefig(PICTURE)
    say(f"Where the states of that training ran and were reset: {PICTURE.resolve()}")
    return bool(found["gap"] < 1e-5)


def compare() -> bool:
    """Train one model wrong in three ways and right; tell its errors on held-out years."""
    say("demo/compare.py: CO2's seasons 13 weeks ahead, error on the last years, 1 is their size:")
    errors = runpy.run_path(str(DEMO / "compare.py"))["ERRORS"]
    say("\n".join(f"  {name:36} {error:.2f}" for name, error in errors.items()))
    rows, shuffled, _, right = errors.values()  # the missing reset costs too little to promise
    return bool(right < min(rows, shuffled))


if __name__ == "__main__":
    sys.exit(main())
