"""One picture of where states run, reset, leak or saturate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from keras_stateful_guard.monitor import StateMonitor

SHADES = {"train": ("#ffffff", "#f1f1f1"), "validation": ("#dcebf8",) * 2}
OUTSIDE = ("#efe6f5",) * 2  # evaluate and predict
CARRIED, RESET, NEAR = "#d62728", "#2ca02c", "#ff7f0e"
HALF = 0.5  # a layer is marked where more than half of its hidden states are near 1 or -1


def plot_states(monitor: StateMonitor) -> Figure:
    """Return a picture of the states that a monitor has recorded.

    Each layer has a line of its own: the norm of its state, from what every batch started from to
    what it left. A pass over the data that starts from states other than zero is marked by a red
    dot, a reset by a green tick, and a batch that leaves more than half of the hidden states near
    1 or -1 by an orange bar. Validation is shaded blue, every other epoch grey.

    Args:
        monitor: A monitor that was passed to `fit`, `evaluate` or `predict`.

    Returns:
        A matplotlib `Figure`; `figure.savefig("states.png")` writes it. pyplot is not touched.

    Raises:
        ImportError: matplotlib is not installed.
        ValueError: The monitor has recorded no stateful layer yet.

    Example:

    ```python
    plot_states(monitor).savefig("states.png")
    ```
    """
    figure_class = _figure_class()
    norms = monitor.norms
    if not norms:
        message = (
            "the monitor has recorded no state yet; pass it to a fit of a model with stateful "
            "layers first: model.fit(..., callbacks=[guard, monitor])"
        )
        raise ValueError(message)
    figure: Figure = figure_class(figsize=(11, 1.2 + 2.3 * len(norms)), layout="constrained")
    grid = figure.subplots(len(norms), 1, sharex=True, squeeze=False)
    for axes, name in zip(grid[:, 0], norms, strict=True):
        _shade(axes, monitor)
        _draw(axes, monitor, name)
    _name_passes(grid[0, 0], monitor)
    grid[-1, 0].set_xlabel("batches, in the order in which they ran")
    _legend(figure, monitor)
    return figure


def _figure_class() -> Any:
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 (needed for pictures alone)
    except ImportError as error:
        message = (
            "plot_states draws with matplotlib, which is not installed: "
            'pip install "keras-stateful-guard[plot]"'
        )
        raise ImportError(message) from error
    return Figure


def _shade(axes: Any, monitor: StateMonitor) -> None:
    for each in monitor.passes:
        shade = SHADES.get(each.phase, OUTSIDE)[each.epoch % 2]
        axes.axvspan(each.first, each.stop, color=shade, linewidth=0, zorder=0)


def _draw(axes: Any, monitor: StateMonitor, name: str) -> None:
    starts, norms = monitor.starts[name], monitor.norms[name]
    top = _top(np.concatenate([starts, norms]))
    for each in monitor.passes:
        batches = np.arange(each.first, each.stop)
        x = np.stack([batches, batches + 1], 1).ravel()
        y = np.stack([starts[batches], norms[batches]], 1).ravel()
        axes.plot(x, y, color="#1f3b5c", linewidth=1.6)
        if name in each.carried:
            axes.plot(
                each.first,
                starts[each.first],
                "o",
                color=CARRIED,
                markersize=9,
                zorder=4,
                clip_on=False,
            )
    resets = [each.before for each in monitor.resets if name in each.layers]
    axes.plot(
        resets, [-0.06 * top] * len(resets), "^", color=RESET, markersize=7, zorder=4, clip_on=False
    )
    near = monitor.saturation.get(name, np.zeros(len(norms))) > HALF
    edges = np.arange(len(norms))[near]
    axes.hlines([1.1 * top] * len(edges), edges, edges + 1, color=NEAR, linewidth=6)
    axes.set(ylim=(-0.14 * top, 1.2 * top), xlim=(0, len(norms)), ylabel="norm of state")
    axes.set_title(name, loc="left", fontsize=11, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.xaxis.get_major_locator().set_params(integer=True)


def _top(norms: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """Return the highest norm that can be drawn; those that overflow leave a gap in the line."""
    drawn = norms[np.isfinite(norms)]
    return float(np.clip(drawn.max(initial=0), 1e-9, 1e300))


def _name_passes(axes: Any, monitor: StateMonitor) -> None:
    """Write the epochs, and other calls, above the first layer, as many as there is room for."""
    total = len(monitor.phases)
    names: list[tuple[float, str]] = []
    for each in monitor.passes:
        text = {"train": f"epoch {each.epoch}", "validation": "val"}.get(each.phase, each.phase)
        if not each.number and each.stop - each.first >= 0.012 * len(text) * total:
            names.append(((each.first + each.stop) / 2, text))
    above = axes.secondary_xaxis("top")
    above.set_xticks([x for x, _ in names], [text for _, text in names])
    above.tick_params(length=0)
    above.spines["top"].set_visible(False)


def _legend(figure: Any, monitor: StateMonitor) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415 (needed for pictures alone)
    from matplotlib.patches import Patch  # noqa: PLC0415

    def dot(marker: str, color: str, text: str) -> Any:
        return Line2D([], [], marker=marker, color=color, linestyle="", markersize=8, label=text)

    phases = set(monitor.phases.tolist())
    shown: list[Any] = [Line2D([], [], color="#1f3b5c", label="norm of state")]
    if monitor.resets:
        shown.append(dot("^", RESET, "reset"))
    if any(each.carried for each in monitor.passes):
        shown.append(dot("o", CARRIED, "pass starts from states not zero"))
    if any((share > HALF).any() for share in monitor.saturation.values()):
        text = "saturated: most hidden states near ±1"
        shown.append(Line2D([], [], color=NEAR, linewidth=6, label=text))
    if "validation" in phases:
        shown.append(Patch(color=SHADES["validation"][0], label="validation"))
    if phases & {"evaluate", "predict"}:
        shown.append(Patch(color=OUTSIDE[0], label="evaluate, predict"))
    figure.legend(handles=shown, loc="outside lower center", ncols=len(shown), frameon=False)
