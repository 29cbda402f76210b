"""A real series: CO2 in the air at Mauna Loa, weekly, 1958 to 2001, as statsmodels ships it."""

from __future__ import annotations

import numpy as np


def load() -> np.ndarray:
    """Return the series of shape `(weeks, 1)`, gaps interpolated, scaled to unit deviation."""
    try:
        from statsmodels.datasets import co2  # noqa: PLC0415 (only the demo needs it)
    except ImportError as error:
        message = 'the demo needs statsmodels: pip install "keras-stateful-guard[dev]"'
        raise SystemExit(message) from error
    weekly = co2.load_pandas().data["co2"].interpolate().to_numpy()
    scaled = (weekly - weekly.mean()) / weekly.std()
    return np.asarray(scaled[:, None], dtype="float32")


def seasons() -> np.ndarray:
    """Return the series without its rise, a parabola, so that the seasons are left."""
    series = load()[:, 0].astype("float64")
    time = np.linspace(-1.0, 1.0, len(series))
    left = series - np.polyval(np.polyfit(time, series, 2), time)
    return np.asarray((left / left.std())[:, None], dtype="float32")
