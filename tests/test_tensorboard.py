"""What the monitor writes for TensorBoard."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from support import ones, running_sum

from keras_stateful_guard import StatefulGuard, StateMonitor


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """Return the steps and values of every scalar in a folder of TensorBoard's files."""
    tensorflow = importlib.import_module("tensorflow")
    found: dict[str, list[tuple[int, float]]] = {}
    for path in folder.iterdir():
        for record in tensorflow.data.TFRecordDataset([str(path)]):
            event = tensorflow.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                number = float(tensorflow.make_ndarray(value.tensor))
                found.setdefault(value.tag, []).append((event.step, number))
                assert value.metadata.plugin_data.plugin_name == "scalars"
    return found


def test_norms_of_train_and_validation_are_written(tmp_path):
    pytest.importorskip("tensorflow")
    (x, y), monitor = ones(8), StateMonitor(log_dir=str(tmp_path))
    fit = {"batch_size": 4, "shuffle": False, "verbose": 0, "epochs": 2}
    validation = {"validation_data": (x[:4], y[:4]), "validation_batch_size": 4}
    running_sum().fit(x, y, callbacks=[StatefulGuard(), monitor], **fit, **validation)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["train", "validation"]
    assert scalars(tmp_path / "train") == {
        "state_start/sum": [(0, 0), (1, 4), (2, 0), (3, 4)],
        "state_norm/sum": [(0, 4), (1, 8), (2, 4), (3, 8)],
    }
    assert scalars(tmp_path / "validation")["state_norm/sum"] == [(0, 4), (1, 4)]


def test_without_tensorflow_the_error_says_so(monkeypatch, tmp_path):
    def no_module(name, package=None):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", no_module)
    with pytest.raises(ImportError, match=r"log_dir=.*needs tensorflow.*or leave log_dir out"):
        StateMonitor(log_dir=str(tmp_path))
