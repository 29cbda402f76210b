"""What is run before a change lands: `nox` runs the first four, `nox -s NAME` any one."""

from __future__ import annotations

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "types", "tests", "docs"]

# What to install, what to set, and the Python that the oldest ones still know; None is this one.
KERAS = {
    "keras-latest": (["tensorflow", "keras"], {}, None),
    "keras-3.0": (["tensorflow~=2.16.2", "keras==3.0.5"], {}, "3.11"),
    "tf-keras": (["tensorflow", "tf-keras"], {"TF_USE_LEGACY_KERAS": "1"}, None),
    "keras-2.15": (["tensorflow~=2.15.1", "keras~=2.15.0"], {}, "3.11"),
    "jax": (["jax", "keras"], {"KERAS_BACKEND": "jax"}, None),
}
TORCH = (["torch==2.13.0", "keras"], {"KERAS_BACKEND": "torch"})
TEST_TOOLS = ["matplotlib", "pytest", "pytest-xdist", "hypothesis", "pandas", "statsmodels"]


@nox.session
def lint(session: nox.Session) -> None:
    session.install("-e", ".[pylint]", "ruff")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run(
        "pylint",
        "--rcfile=",
        "--load-plugins=pylint_plugin",
        "--disable=all",
        "--enable=stateful-rnn",
        "--ignore=wrong.py",
        "keras_stateful_guard",
        "pylint_plugin",
        "benchmarks",
        "noxfile.py",
    )


@nox.session
def types(session: nox.Session) -> None:
    session.install("-e", ".[pylint]", "mypy", "nox")
    session.run("mypy")


@nox.session
@nox.parametrize(
    ["python", "keras"],
    [nox.param(python, name, id=name) for name, (_, _, python) in KERAS.items()],
)
def tests(session: nox.Session, keras: str) -> None:
    """Run all that meets Keras; the linter's own tests stand in `plugin`."""
    packages, environment, _ = KERAS[keras]
    _run_time_tests(session, packages, environment)


@nox.session(venv_backend="virtualenv")  # pip may know a smaller build of torch than uv does
def torch(session: nox.Session) -> None:
    """Run all that meets Keras on the torch backend."""
    packages, environment = TORCH
    _run_time_tests(session, packages, environment)


def _run_time_tests(session: nox.Session, packages: list[str], environment: dict[str, str]) -> None:
    session.install("-e", ".[fix]", *TEST_TOOLS, *packages)
    arguments = session.posargs or ["--ignore=tests/lint"]
    session.run("python", "-m", "pytest", *arguments, env=environment)


@nox.session
@nox.parametrize("pylint", ["3.3.9", "4.0.10", "4.1.4"])
def plugin(session: nox.Session, pylint: str) -> None:
    """Run the linter's tests where neither keras nor a backend is installed."""
    session.install(
        "-e", ".", f"pylint=={pylint}", "libcst", "pytest", "pytest-xdist", "hypothesis"
    )
    session.run("python", "-m", "pytest", "tests/lint", *session.posargs)


@nox.session(python=["3.10", "3.11", "3.12", "3.13"])
def pythons(session: nox.Session) -> None:
    """Run the linter's tests on every Python."""
    session.install("-e", ".", "pylint==4.1.4", "nbqa", "pytest", "pytest-xdist", "hypothesis")
    session.run("python", "-m", "pytest", "tests/lint", *session.posargs)


@nox.session
def sweep(session: nox.Session) -> None:
    """Read the standard library and all that is installed, Keras and tensorflow among it."""
    session.install("-e", ".[pylint]", "tensorflow", "keras")
    session.run("python", "tools/sweep.py", *session.posargs)


@nox.session
def oracle(session: nox.Session) -> None:
    """Compare a thousand random models and pipelines with the stateless oracle; takes an hour."""
    session.install("-e", ".[pylint]", *TEST_TOOLS, "tensorflow", "keras")
    environment = {"HYPOTHESIS_PROFILE": "long"}
    session.run("python", "-m", "pytest", "tests/test_oracle.py", env=environment)


@nox.session
def hooks(session: nox.Session) -> None:
    """Run the hooks of pre-commit in the environments that it makes."""
    session.install("pre-commit", "pytest", "pytest-xdist")
    session.run("python", "-m", "pytest", "-m", "hooks", "-n", "0", "tests/test_hooks.py")


@nox.session
def docs(session: nox.Session) -> None:
    """Fail where the README's table or a pitfall's page is not today's."""
    session.install("-e", ".[pylint]")
    session.run("python", "tools/write_table.py", "--check")
    session.run("python", "tools/write_pages.py", "--check")
