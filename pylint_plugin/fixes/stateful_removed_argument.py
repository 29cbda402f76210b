"""`keras.Input(batch_shape=...)` before the first layer, instead of an argument of the layer."""

from __future__ import annotations

import libcst as cst

from pylint_plugin.fixes import calls
from pylint_plugin.fixes.edits import Edits, Problem, Wishes
from pylint_plugin.fixes.inputs import put_input
from pylint_plugin.fixes.sizes import items_of
from pylint_plugin.fixes.source import Source
from pylint_plugin.mends import DeclareInput

_SHAPES = ("batch_input_shape", "batch_shape")
# Other ways to say a shape: with them it is not sure which one counts.
_OTHERS = ("input_shape", "input_dim", "batch_size")


def stateful_removed_argument(problem: Problem, source: Source, _: Wishes) -> Edits | None:
    """Move what a layer is told of its input into an Input, or drop it where it says nothing."""
    call, mend = source.call_at(problem.start, problem.end), problem.mend
    if not isinstance(mend, DeclareInput) or call is None:
        return None
    given = {name: arg for name in (*_SHAPES, *_OTHERS) if (arg := calls.keyword(call, name))}
    if isinstance(call.func, cst.Name | cst.Attribute) and _is_embedding(source, call.func):
        given.pop("input_dim", None)  # the size of its vocabulary
    if not mend.placement.first:
        # Behind another layer Keras 2 never looked at these.
        gone = [given[name] for name in (*_SHAPES, "batch_size") if name in given]
        return calls.drop(source, call, gone[0]) if len(gone) == 1 else None
    said = _said(source, given)
    if said is None:
        return None
    entry = put_input(source, call, mend.placement, said)
    return None if entry is None else (*entry, *calls.drop(source, call, *given.values()))


def _is_embedding(source: Source, func: cst.BaseExpression) -> bool:
    return source.stands_for(func) == "keras.layers.Embedding"


def _said(source: Source, given: dict[str, cst.Arg]) -> str | None:
    if len(given) == 1:
        name, arg = next(iter(given.items()))
        return f"batch_shape={source.code(arg.value)}" if name in _SHAPES else None
    if set(given) == {"batch_size", "input_shape"}:
        return with_batch(
            source, source.code(given["batch_size"].value), given["input_shape"].value
        )
    return None


def with_batch(source: Source, size: str, shape: cst.BaseExpression) -> str:
    """Say a batch size and the shape of one sample."""
    items = items_of(shape)
    if items is None:
        return f"shape={source.code(shape)}, batch_size={size}"
    return f"batch_shape=({', '.join([size, *map(source.code, items)])})"
