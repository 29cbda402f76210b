"""What a call was asked to do, as frozen values: the only thing that checks look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from keras_stateful_guard.boundaries import Boundaries
from keras_stateful_guard.layout_report import LayoutReport
from keras_stateful_guard.packing import Packing
from keras_stateful_guard.unknown import Unknown

__all__ = [
    "CallName",
    "DataPlan",
    "FitPlan",
    "InputPlan",
    "LayerPlan",
    "Meddling",
    "ModelPlan",
    "Order",
    "Seen",
    "Shuffled",
    "Stable",
    "Unknown",
    "named",
]

CallName = Literal["fit", "evaluate", "predict"]


@dataclass(frozen=True, slots=True)
class Shuffled:
    """An order of rows or batches that is not the data's own.

    Args:
        by: `"fit"` where `fit` permutes the data itself, `"data"` where it comes permuted.
        how: The words of the source that do it, such as `"Dataset.shuffle"`.
        remedy: The code that keeps the order, where the source knows it best.
    """

    by: Literal["fit", "data"]
    how: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Stable:
    """The same order in every epoch."""


Order = Stable | Shuffled | Unknown


@dataclass(frozen=True, slots=True)
class DataPlan:
    """What one x hands to the model in one epoch.

    Args:
        kind: What x is, in the user's words: "arrays", "tf.data.Dataset", "PyDataset", ….
        batch_size: Rows of every whole batch.
        left_over: Rows of a short batch at the end (or inside) of the epoch; 0 where every batch
            is whole.
        order: Whether row i of a batch can continue row i of the batch before.
        rows: Rows in an epoch; unknown also where the epoch has no end.
        steps: Batches in an epoch, the short one included.
        default_batch_size: Whether nobody gave the batch size, so that Keras took its 32.
        remedy: The code that makes every batch whole, where the source knows it best.
        drops_remainder: Whether the source itself drops a short last batch; None where that is
            not its business.
        wrapped_rows: Rows of one pass over the data that share a batch with the next pass, so
            that they land in other slots (`repeat` before `batch`); 0 where a pass begins a batch.
        period: Batches after which the data begins again inside an epoch (`repeat`); None where
            it does not.
        layout: What the values show of the layout, where they are looked at; None where that is
            no question.
        packing: Where `stateful_batches` laid each sequence; None where it did not.
        resumes: Whether a pass that stops early leaves batches to the next one.
    """

    kind: str
    batch_size: int | Unknown
    left_over: int | Unknown
    order: Order
    rows: int | Unknown
    steps: int | Unknown
    default_batch_size: bool = False
    remedy: str = ""
    drops_remainder: bool | None = None
    wrapped_rows: int | Unknown = 0
    period: int | Unknown | None = None
    layout: LayoutReport | Unknown | None = None
    packing: Packing | None = None
    resumes: bool = False


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """One stateful layer.

    Args:
        name: Its path in the model.
        kind: Its class.
        inside: The Keras classes of the layers and models around it, such as `"Bidirectional"`.
        calls: At how many places the model calls it.
        initial_state: Whether any of these calls hands it an initial state.
        backwards: Whether it runs from the last time step of a chunk to the first.
    """

    name: str
    kind: str
    inside: tuple[str, ...] = ()
    calls: int | Unknown = 1
    initial_state: bool | Unknown = False
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class InputPlan:
    """One input of the model.

    Args:
        name: Its name.
        batch_size: Rows of a batch; None where they are not fixed.
        leads: Whether it leads to a stateful layer.
    """

    name: str
    batch_size: int | None
    leads: bool = True


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """The stateful side of a model.

    Args:
        layers: The stateful layers, in call order.
        inputs: The inputs that the model declares; empty for a subclassed or unbuilt model.
        state_rows: Rows of the states; None before the layers are built.
    """

    layers: tuple[LayerPlan, ...]
    inputs: tuple[InputPlan, ...]
    state_rows: int | None

    @property
    def batch_size(self) -> int | None:
        """The fixed number of rows per batch; None where nothing fixes it yet."""
        declared = [each.batch_size for each in self.inputs if each.batch_size is not None]
        return declared[0] if declared else self.state_rows

    def inside(self, wrapper: str) -> tuple[LayerPlan, ...]:
        """Return the stateful layers that stand inside a wrapper of this Keras class."""
        return tuple(each for each in self.layers if wrapper in each.inside)

    @property
    def stateful_layer(self) -> str:
        """The first stateful layer, as messages name it."""
        return f"stateful layer '{self.layers[0].name}'" if self.layers else "no stateful layer"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the states showed when a pass over the data began.

    Args:
        phase: `"train"` or `"test"`.
        epoch: The epoch, counted from 0.
        carried: Whether the states were anything but zero.
        after_evaluation: Whether a validation has run since the last training batch.
    """

    phase: Literal["train", "test"]
    epoch: int
    carried: bool
    after_evaluation: bool = False


@dataclass(frozen=True, slots=True)
class Meddling:
    """What a callback of the user's own does to states while a fit runs.

    Args:
        where: Class and hook, such as `"Sample.on_train_batch_end()"`.
        resets: Whether it resets states.
        runs: The method by which it runs the model without keeping its states; empty for none.
    """

    where: str
    resets: bool
    runs: str


@dataclass(frozen=True, slots=True)
class FitPlan:
    """What `fit`, `evaluate` or `predict` was asked to do.

    Args:
        call: Which of the three.
        model: The stateful side of the model.
        data: The data of the call.
        validation: The validation data inside `fit`; None where there is none.
        epochs: Passes over the data; 1 for evaluate and predict.
        validations: How often validation runs; 0 where there is none.
        validation_steps: As given; None where the data decides.
        validation_split: The share that `fit` was asked to cut off for validation.
        steps_per_epoch: As given; None where the data decides.
        steps_per_execution: Batches that Keras runs between two callback hooks.
        replicas: Devices that share each batch.
        backend: The backend that runs the model.
        backend_fault: Why states cannot be carried there; empty where they can.
        declared_batch_size: Rows per batch that the user declared to the guard.
        resets: What resets the states between epochs: `"epoch"` the guard at each, `"never"`
            nothing by the user's wish, None something that only the run can show.
        isolates: Whether a callback of ours keeps the states of validation apart.
        boundaries: Where sequences begin in the data of the call, as declared.
        validation_boundaries: Where they begin in the validation data inside `fit`.
        meddling: What other callbacks do to states, as far as their code shows.
        seen: What the states showed while the call ran; None when it is judged before.
    """

    call: CallName
    model: ModelPlan
    data: DataPlan
    validation: DataPlan | None = None
    epochs: int = 1
    validations: int = 0
    validation_steps: int | None = None
    validation_split: float = 0.0
    steps_per_epoch: int | None = None
    steps_per_execution: int = 1
    replicas: int = 1
    backend: str = "tensorflow"
    backend_fault: str = ""
    declared_batch_size: int | None = None
    resets: Literal["epoch", "never"] | None = None
    isolates: bool = False
    boundaries: Boundaries | None = None
    validation_boundaries: Boundaries | None = None
    meddling: tuple[Meddling, ...] = ()
    seen: Seen | None = None

    @property
    def batch_size(self) -> int | None:
        """Rows that each batch of the call must have; None where nothing fixes it."""
        fixed = self.model.batch_size
        if fixed is not None:
            return fixed * self.replicas
        return self.declared_batch_size

    def short_rows(self, data: DataPlan) -> int | Unknown:
        """Return the rows of a short batch in one of the parts; 0 where every batch is whole.

        Data for training that does not fill its one batch counts; in evaluate and predict the
        model is what does not fit.
        """
        expected, rows = self.batch_size, data.rows
        if self.call != "fit" or expected is None or not isinstance(rows, int):
            return data.left_over
        return rows if data.steps == 1 and rows < expected else data.left_over

    def parts(self) -> Iterator[tuple[str, DataPlan]]:
        """Yield each data set of the call with the name messages give it."""
        yield ("training data" if self.validation else "the data"), self.data
        if self.validation is not None:
            yield "validation data", self.validation


def named(layers: Iterable[LayerPlan]) -> str:
    """Return stateful layers as messages name them."""
    names = [f"'{each.name}'" for each in layers]
    return f"stateful layer{'s' if len(names) > 1 else ''} {', '.join(names)}"
