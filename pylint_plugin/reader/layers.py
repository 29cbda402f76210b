"""Keras layers: what their constructors are told, and what happens when they are called."""

from __future__ import annotations

from astroid import nodes

from pylint_plugin.facts import Apply, Feed, Layer, Place
from pylint_plugin.places import UNKNOWN, Unknown
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.operators import through
from pylint_plugin.reader.snapshot import layer_of
from pylint_plugin.reader.values import (
    NONE,
    Args,
    Cls,
    Ref,
    Tensor,
    Value,
    integer,
    is_none,
    scalar,
)

_REMOVED = ("batch_input_shape", "batch_shape", "batch_size")
_INPUTS = frozenset({"keras.Input", "keras.layers.InputLayer"})


def first_of(machine: Machine, shape: Value | None) -> int | Unknown | None:
    """Give the first dimension of a shape; None where it is open."""
    items = machine.listed(shape)
    if not items:
        return UNKNOWN
    return None if items[0] == NONE else integer(items[0])


def _size(value: Value | None) -> int | Unknown | None:
    return None if is_none(value) else integer(value)


def feed_of(machine: Machine, name: str, args: Args, node: nodes.NodeNG) -> Feed | None:
    """Give what the arguments of a layer say on the batch size of its input."""
    site = machine.site(node)
    for said in ("batch_input_shape", "batch_shape"):
        shape = args.get(said)
        if not is_none(shape):
            return Feed(site, first_of(machine, shape), said)
    entry = name in _INPUTS
    size = args.get("batch_size", 1 if entry else None)
    if entry:
        if args.opaque or args.get("tensor") is not None or args.get("input_tensor") is not None:
            return Feed(site, UNKNOWN, "tensor")
        shape_given = args.get("shape", 0) is not None
        return Feed(site, _size(size), "shape" if shape_given else "input_shape")
    if args.opaque:
        return Feed(site, UNKNOWN, "**")
    if not is_none(args.get("input_shape")):
        return Feed(site, _size(size), "input_shape")
    if name != "keras.layers.Embedding" and not is_none(args.get("input_dim")):
        return Feed(site, _size(size), "input_dim")
    return Feed(site, _size(size), "batch_size") if not is_none(size) else None


def make_layer(
    machine: Machine, name: str, args: Args, node: nodes.NodeNG, cls: Cls | None = None
) -> Ref:
    """Make a layer from the call of its class."""
    short = name.rsplit(".", 1)[-1]
    ref = machine.new("layer", node, short, cls)
    recurrent = machine.is_recurrent(name)
    given = args.get("stateful")
    stateful: bool | Unknown = False
    if recurrent:
        known = scalar(given) if given is not None else (UNKNOWN if args.opaque else False)
        stateful = known if isinstance(known, Unknown) else bool(known)
    removed: tuple[str, ...] = ()
    if name.startswith("keras.layers.") and name not in _INPUTS and cls is None:
        removed = tuple(each for each in _REMOVED if each in args.keywords)
    feed = feed_of(machine, name, args, node)
    kind = "Input" if name in _INPUTS else short
    machine.layers[ref.uid] = Layer(
        ref.uid, kind, machine.site(node), recurrent, stateful, removed, feed
    )
    wrapped = [args.get("layer", 0), args.get("backward_layer")] if short in _WRAPPERS else []
    machine.wrapped[ref.uid] = tuple(
        each for each in wrapped if isinstance(each, Ref) and each.kind in {"layer", "model"}
    )
    return ref


_WRAPPERS = frozenset({"Bidirectional", "TimeDistributed", "SpectralNormalization", "Wrapper"})


def make_input(machine: Machine, args: Args, node: nodes.NodeNG) -> Tensor:
    """Give the tensor of a `keras.Input` call."""
    return Tensor((make_layer(machine, "keras.Input", args, node),))


def told_with(machine: Machine, layer: Ref) -> tuple[int, ...]:
    """Give a layer and those whose arguments on their input are meant for it."""
    both = machine.made[layer.uid].kind == "Bidirectional"
    inner = machine.wrapped.get(layer.uid, ()) if both else ()
    return (layer.uid, *(each.uid for each in inner))


def call_layer(machine: Machine, layer: Ref, args: Args, node: nodes.NodeNG) -> Value:
    """Call a layer on tensors."""
    given = args.get("initial_state")
    passed = args.positional[:1] + tuple(
        v for k, v in args.keywords.items() if k in {"inputs", "sequences"}
    )
    items = machine.listed(passed[0]) if passed else None
    state = given is not None and not is_none(given)
    if layer.uid in machine.layers and machine.layers[layer.uid].recurrent:
        machine.events.append(
            Apply(
                site=machine.site(node),
                path=machine.path,
                layer=layer_of(machine, layer),
                initial_state=state,
            )
        )
    if layer.uid in machine.layers:
        machine.events.append(
            Place(
                site=machine.site(node),
                path=machine.path,
                layers=told_with(machine, layer),
                first=False,
            )
        )
    before = through(machine, items or passed, straight=True)
    if not before.layers and not any(isinstance(each, Tensor) for each in items or passed):
        before = Tensor((), known=False, straight=False)
    return Tensor((*(x for x in before.layers if x != layer), layer), before.known, before.straight)
