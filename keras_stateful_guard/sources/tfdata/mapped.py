"""Whether the function of a map() keeps the rows of each batch: proved from its graph, or not."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from typing import Any

from keras_stateful_guard.sources.tfdata import nodes

_ONE_INPUT = (
    "Abs Cast CheckNumerics Cos Elu EnsureShape Erf Exp Expm1 Floor Identity IsFinite IsInf IsNan "
    "Log Log1p LogicalNot Neg OnesLike Reciprocal Relu Relu6 Rint Round Rsqrt Selu Sigmoid Sign "
    "Sin Snapshot Softplus Sqrt Square StopGradient StringToNumber Tanh ZerosLike"
)
_MORE_INPUTS = (
    "AddV2 Add BitwiseAnd BitwiseOr Div DivNoNan Equal FloorDiv FloorMod Greater GreaterEqual Less "
    "LessEqual LogicalAnd LogicalOr Maximum Minimum Mod Mul MulNoNan NotEqual Pow RealDiv "
    "SelectV2 SquaredDifference Sub TruncateDiv TruncateMod Xdivy Xlogy"
)
REDUCTIONS = ("All", "Any", "ArgMax", "ArgMin", "Max", "Mean", "Min", "Prod", "Sum")
CALLS = ("PartitionedCall", "StatefulPartitionedCall")
Keeps = Callable[[Any], bool]


def keeps_rows(node: Any) -> bool:
    """Return whether each x that a map() yields surely has the rows of the element it is fed."""
    (graph,) = nodes.functions(node)
    (fed,) = nodes.inputs(node)
    if graph is None:
        return False
    arguments = graph.inputs[: len(list(nodes.leaves(fed.element_spec)))]
    spec = node.element_spec
    x = spec[0] if isinstance(spec, tuple) and spec else spec
    outputs = graph.outputs[: len(list(nodes.leaves(x)))]
    return _proved(graph, outputs, [each for each in arguments if each.shape.rank != 0])


def _proved(graph: Any, outputs: Iterable[Any], with_rows: Iterable[Any]) -> bool:
    """Return whether all outputs have the rows that the given inputs of the graph share."""
    known = {id(each): True for each in with_rows}

    def keeps(tensor: Any) -> bool:
        if id(tensor) not in known:
            known[id(tensor)] = False
            known[id(tensor)] = _keeps(graph, tensor, keeps)
        return known[id(tensor)]

    return all(keeps(each) for each in outputs)


def _keeps(graph: Any, tensor: Any, keeps: Keeps) -> bool:
    operation = tensor.op
    rule = RULES.get(operation.type)
    if rule is not None:
        return rule(operation, keeps)
    if operation.type in CALLS:
        called = graph._functions.get(operation.get_attr("f").name)
        inner = getattr(called, "graph", None)
        if inner is None:
            return False
        pairs = zip(operation.inputs, inner.inputs, strict=True)
        fed = [inside for outside, inside in pairs if keeps(outside)]
        return _proved(inner, [inner.outputs[tensor.value_index]], fed)
    return False


def _element_by_element(operation: Any, keeps: Keeps) -> bool:
    """Return whether one input has the rows and the others only stretch to its shape."""
    fed = list(operation.inputs)
    return any(keeps(one) and all(_broadcasts(each, one, keeps) for each in fed) for one in fed)


def _broadcasts(tensor: Any, onto: Any, keeps: Keeps) -> bool:
    rank, most = tensor.shape.rank, onto.shape.rank
    if rank is None or most is None or rank > most:
        return False
    return bool(rank < most or keeps(tensor) or tensor.shape[0] == 1)


def _strided_slice(operation: Any, keeps: Keeps) -> bool:
    """`x[:, ...]` and `x[..., i]` keep the rows; so does any slice that takes all of the first."""
    first = {
        name: operation.get_attr(f"{name}_mask") & 1
        for name in ("begin", "end", "ellipsis", "new_axis", "shrink_axis")
    }
    strides = _constant(operation.inputs[3])
    if strides is None or not keeps(operation.inputs[0]):
        return False
    if first["ellipsis"]:
        rank = operation.inputs[0].shape.rank
        return rank is not None and rank > len(strides) - 1
    whole = first["begin"] and first["end"] and strides[0] == 1
    return bool(whole and not first["new_axis"] and not first["shrink_axis"])


def _reshape(operation: Any, keeps: Keeps) -> bool:
    """`[-1, ...]` keeps the rows where the numbers after it are as many as before."""
    tensor, (shape, constant) = operation.inputs[0], _shape(operation.inputs[1])
    if not keeps(tensor):
        return False
    if shape is not None:
        return _is_rows(shape, keeps)
    inner = tensor.shape[1:].as_list() if tensor.shape.rank else [None]
    if constant is None or not len(constant) or constant[0] != -1 or None in inner:
        return False
    return math.prod(inner) == math.prod(int(each) for each in constant[1:])


def _shape(tensor: Any) -> tuple[Any, Any]:
    packed = tensor.op.type == "Pack" and len(tensor.op.inputs) > 0
    return (tensor.op.inputs[0] if packed else None), _constant(tensor)


def _is_rows(tensor: Any, keeps: Keeps) -> bool:
    """Return whether a number is `tf.shape(x)[0]` of an x that has the rows."""
    operation = tensor.op
    if operation.type != "StridedSlice" or operation.inputs[0].op.type != "Shape":
        return False
    begin = _constant(operation.inputs[1])
    first = begin is not None and list(begin) == [0] and operation.get_attr("shrink_axis_mask") == 1
    return bool(first and keeps(operation.inputs[0].op.inputs[0]))


def _axis(place: int, rank_of: int = 0, more: int = 0) -> Callable[[Any, Keeps], bool]:
    """Return a rule for an operation along one or more axes, none of which may be the first."""

    def rule(operation: Any, keeps: Keeps) -> bool:
        value = _constant(operation.inputs[place])
        rank = operation.inputs[rank_of].shape.rank
        if value is None or rank is None or not keeps(operation.inputs[rank_of]):
            return False
        return all(int(axis) % (rank + more) != 0 for axis in value.reshape(-1))

    return rule


def _stacked(operation: Any, keeps: Keeps) -> bool:
    rank = operation.inputs[0].shape.rank
    moved = rank is not None and operation.get_attr("axis") % (rank + 1) != 0
    return bool(moved and any(keeps(each) for each in operation.inputs))


def _squeeze(operation: Any, keeps: Keeps) -> bool:
    rank, axes = operation.inputs[0].shape.rank, operation.get_attr("squeeze_dims")
    kept = rank is not None and axes and all(axis % rank != 0 for axis in axes)
    return bool(kept and keeps(operation.inputs[0]))


def _gather(operation: Any, keeps: Keeps) -> bool:
    params, indices, axis = operation.inputs
    along = _constant(axis)
    if along is None or operation.get_attr("batch_dims") != 0:
        return False
    return keeps(indices) if int(along) == 0 else int(along) > 0 and keeps(params)


def _gather_variable(operation: Any, keeps: Keeps) -> bool:
    return operation.get_attr("batch_dims") == 0 and keeps(operation.inputs[1])


def _transpose(operation: Any, keeps: Keeps) -> bool:
    order = _constant(operation.inputs[1])
    return order is not None and order[0] == 0 and keeps(operation.inputs[0])


def _one_hot(operation: Any, keeps: Keeps) -> bool:
    return operation.get_attr("axis") != 0 and keeps(operation.inputs[0])


def _constant(tensor: Any) -> Any:
    """Return the value of a constant, None where only the run can tell."""
    return sys.modules["tensorflow"].get_static_value(tensor)


RULES: dict[str, Callable[[Any, Keeps], bool]] = {
    **dict.fromkeys(_ONE_INPUT.split(), lambda operation, keeps: keeps(operation.inputs[0])),
    **dict.fromkeys(_MORE_INPUTS.split(), _element_by_element),
    **dict.fromkeys(REDUCTIONS, _axis(1)),
    "ConcatV2": lambda operation, keeps: _axis(len(operation.inputs) - 1)(operation, keeps),
    "ExpandDims": _axis(1, more=1),
    "GatherV2": _gather,
    "LookupTableFindV2": lambda operation, keeps: keeps(operation.inputs[1]),
    "OneHot": _one_hot,
    "Pack": _stacked,
    "Reshape": _reshape,
    "ResourceGather": _gather_variable,
    "Squeeze": _squeeze,
    "StridedSlice": _strided_slice,
    "Transpose": _transpose,
}
