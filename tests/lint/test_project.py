"""Other modules: found next to the file, upwards, in src; never a library; parsed once."""

from __future__ import annotations

from pathlib import Path

from pylint_plugin.project import Project


def layout(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")


def test_flat_package_and_src(tmp_path: Path) -> None:
    layout(
        tmp_path,
        "pyproject.toml",
        "flat.py",
        "src/package/__init__.py",
        "src/package/m.py",
        "app/a.py",
    )
    origin = str(tmp_path / "app" / "a.py")
    assert Project().locate(origin, "flat", 0) == str(tmp_path / "flat.py")
    assert Project().locate(origin, "package.m", 0) == str(tmp_path / "src/package/m.py")
    assert Project().locate(origin, "package", 0) == str(tmp_path / "src/package/__init__.py")
    assert Project().locate(origin, "absent", 0) is None


def test_relative_imports(tmp_path: Path) -> None:
    layout(tmp_path, "p/__init__.py", "p/a.py", "p/q/__init__.py", "p/q/b.py")
    origin = str(tmp_path / "p/q/b.py")
    assert Project().locate(origin, "", 1) == str(tmp_path / "p/q/__init__.py")
    assert Project().locate(origin, "a", 2) == str(tmp_path / "p/a.py")


def test_libraries_are_never_looked_for(tmp_path: Path) -> None:
    layout(tmp_path, "keras.py", "numpy/__init__.py")
    for name in ("keras", "keras.layers", "numpy"):
        assert Project().locate(str(tmp_path / "a.py"), name, 0) is None


def test_site_packages_are_not_ours(tmp_path: Path) -> None:
    layout(tmp_path, "site-packages/a.py", "site-packages/b.py", "c.py")
    origin = str(tmp_path / "site-packages" / "a.py")
    assert Project().locate(origin, "b", 0) is None
    assert Project().locate(origin, "c", 0) is None


def test_the_search_ends_at_the_top_of_the_project(tmp_path: Path) -> None:
    layout(tmp_path, "outside.py", "project/.git/HEAD", "project/a.py")
    assert Project().locate(str(tmp_path / "project" / "a.py"), "outside", 0) is None


def test_broken_modules_are_unknown(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def (")
    (tmp_path / "odd.py").write_bytes(b"x = '\xff'")
    project = Project()
    assert project.find(str(tmp_path / "a.py"), "broken", 0) is None
    assert project.find(str(tmp_path / "a.py"), "odd", 0) is None


def test_a_module_is_parsed_once_and_leaves_no_trace_in_astroid(tmp_path: Path) -> None:
    from astroid import MANAGER

    layout(tmp_path, "b.py")
    project = Project()
    before = set(MANAGER.astroid_cache)
    tree = project.find(str(tmp_path / "a.py"), "b", 0)
    assert tree is not None
    assert project.find(str(tmp_path / "a.py"), "b", 0) is tree
    assert set(MANAGER.astroid_cache) == before
