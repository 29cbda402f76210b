"""What a program does with stateful models, as plain frozen values.

The reader writes facts, the rules judge them; neither facts nor rules know any syntax tree, so a
rule can be tested on facts made by hand. What cannot be known is UNKNOWN: rules keep silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pylint_plugin.mends import Mend
from pylint_plugin.places import UNKNOWN, Arm, Loop, Path, Site, Unknown

Confidence = Literal["HIGH", "INFERENCE", "CONTROL_FLOW"]


@dataclass(frozen=True, slots=True)
class Feed:
    """What one input of a model says about its batch size: a number, None (left open), UNKNOWN."""

    site: Site
    batch: int | Unknown | None
    said: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A Keras layer as its constructor was called; `inner` are the layers it wraps."""

    uid: int
    kind: str
    site: Site
    recurrent: bool = False
    stateful: bool | Unknown = False
    removed: tuple[str, ...] = ()
    feed: Feed | None = None
    inner: tuple[Layer, ...] = ()

    def flat(self) -> Iterator[Layer]:
        """Yield this layer and all layers within it."""
        yield self
        for layer in self.inner:
            yield from layer.flat()


@dataclass(frozen=True, slots=True)
class Model:
    """A Keras model at one moment.

    `complete` says that `layers` are all there is. `feeds` are its inputs, in the order that the
    layers stand; empty where it has none yet. `made` is the path on which it was created; `nested`
    says that a model stands among its layers.
    """

    uid: int
    site: Site
    layers: tuple[Layer, ...] = ()
    complete: bool = True
    feeds: tuple[Feed, ...] = ()
    kind: Literal["sequential", "functional", "subclass", "unknown"] = "sequential"
    made: Path = ()
    built: bool = False
    nested: bool = False

    @property
    def stateful(self) -> bool | Unknown:
        """Whether any layer keeps states between batches."""
        states = [layer.stateful for each in self.layers for layer in each.flat()]
        if any(state is True for state in states):
            return True
        return False if self.complete and all(state is False for state in states) else UNKNOWN

    @property
    def first_stateful(self) -> Layer | None:
        """The first layer that is surely stateful."""
        layers = (layer for each in self.layers for layer in each.flat())
        return next((each for each in layers if each.recurrent and each.stateful is True), None)

    @property
    def batch(self) -> int | Unknown | None:
        """The batch size that the inputs fix; None where one of them leaves it open."""
        sizes = {feed.batch for feed in self.feeds}
        return sizes.pop() if len(sizes) == 1 else UNKNOWN


@dataclass(frozen=True, slots=True)
class Shuffle:
    """A call that permutes data, as it is named in the source."""

    site: Site
    name: str


@dataclass(frozen=True, slots=True)
class Windows:
    """A series cut into windows of `length` steps, each `stride` steps after the one before.

    With `target` the last step may be there for the targets only, one step ahead of the inputs.
    """

    site: Site
    length: int
    stride: int
    target: bool = False


@dataclass(frozen=True, slots=True)
class Batches:
    """A call that makes batches; `drop` is the argument that drops a short last one, if any."""

    site: Site
    size: int | Unknown
    drop_remainder: bool | Unknown
    drop: str = "drop_remainder=True"


DataKind = Literal["array", "frame", "dataset", "generator", "sequence", "unknown"]


@dataclass(frozen=True, slots=True)
class Data:
    """Data on its way to a model; also any other value of which little is known.

    `varies` names the loops in which it is another value at every turn; `default` is what it is
    where the caller of the function does not say otherwise.
    """

    kind: DataKind = "unknown"
    shape: tuple[int | None, ...] | None = None
    shuffles: frozenset[Shuffle] = frozenset()
    windows: frozenset[Windows] = frozenset()
    batches: tuple[Batches, ...] = ()
    varies: frozenset[int] = frozenset()
    default: int | float | str | bool | Unknown | None = UNKNOWN

    @property
    def rows(self) -> int | None:
        """The number of rows, where it is known."""
        return self.shape[0] if self.shape else None


Sureness = Literal["always", "sometimes"]


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback given to fit: what its hooks do to the states of the model that is fitted.

    `known` is False for a callback whose code cannot be seen. `events` are those of its hooks.
    """

    name: str
    site: Site
    known: bool = True
    resets: tuple[tuple[str, Sureness], ...] = ()
    isolates: bool = False
    every_batch: bool = False
    events: tuple[tuple[str, Event], ...] = ()

    def resets_in(self, *hooks: str) -> bool:
        """Whether one of the hooks may reset the states."""
        return any(hook in hooks for hook, _ in self.resets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens to a model, at a place and on a path of loops and branches."""

    site: Site
    path: Path = ()

    @property
    def loops(self) -> tuple[Loop, ...]:
        """The loops around it, outermost first."""
        return tuple(step for step in self.path if isinstance(step, Loop))

    @property
    def arms(self) -> dict[int, int]:
        """The branches it stands in and the arm of each."""
        return {step.uid: step.which for step in self.path if isinstance(step, Arm)}

    def excludes(self, other: Event) -> bool:
        """Whether the two stand in different arms of one branch."""
        arms = other.arms
        return any(arms.get(uid, which) != which for uid, which in self.arms.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit(Event):
    """A call of fit, or of one of its old names; arguments that are not given are None."""

    model: Model
    data: Data
    targets: bool | Unknown = False
    batch_size: int | Unknown | None = None
    epochs: int | Unknown | Data | None = None
    shuffle: bool | str | Unknown | None = None
    callbacks: tuple[Callback, ...] = ()
    validation: Data | Unknown | None = None
    validation_split: float | Unknown | None = None
    validation_batch_size: int | Unknown | None = None
    opaque: bool = False
    name: str = "fit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Train(Event):
    """One step of training by hand: train_on_batch, or a call under a GradientTape."""

    model: Model
    data: Data
    name: str = "train_on_batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Event):
    """A call of predict or evaluate."""

    model: Model
    data: Data
    name: str = "predict"
    batch_size: int | Unknown | None = None
    callbacks: tuple[Callback, ...] = ()
    opaque: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset(Event):
    """A reset of states; `model` is None where it is not known whose."""

    model: Model | None
    name: str = "reset_states"
    of: Literal["model", "layer", "guard"] = "model"
    argument: bool = False
    generator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Escape(Event):
    """The model is handed to code that cannot be seen, which may do anything to its states."""

    model: Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply(Event):
    """A layer is called; `initial_state` tells whether it is given one."""

    layer: Layer
    initial_state: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Event):
    """A layer is put into a Sequential, or behind others by a call; then `model` is None.

    `layers` are its uid and those that hear of its input through it. `first` is UNKNOWN where a
    loop or a branch decides.
    """

    layers: tuple[int, ...]
    first: bool | Unknown
    model: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """All that happens when one module, function or method is run from its beginning.

    `complete` is False where the reader had to stop early: then the order of events proves nothing.
    """

    events: tuple[Event, ...] = ()
    models: tuple[Model, ...] = ()
    layers: tuple[Layer, ...] = ()
    complete: bool = True
    keras: Literal[2, 3] = 3

    def every(self) -> Iterator[Event]:
        """Yield all events, those in the hooks of callbacks too."""
        for event in self.events:
            yield event
            if isinstance(event, Fit | Run):
                for callback in event.callbacks:
                    yield from (inner for _, inner in callback.events)


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault at a place: `text` says what was found and what to write instead."""

    site: Site
    text: str
    confidence: Confidence = "HIGH"
    mend: Mend | None = None
