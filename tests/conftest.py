"""What every test needs: a quiet tensorflow, and the same random numbers each time."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")


@pytest.fixture
def seed() -> None:
    """Start the test from fixed random numbers."""
    from support import keras

    keras.utils.set_random_seed(7)
