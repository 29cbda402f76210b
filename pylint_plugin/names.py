"""Keras names in one spelling, from what the imports say; nothing is imported or inferred."""

from __future__ import annotations

# The several homes of one and the same Keras.
_HOMES = (
    "tensorflow.compat.v1.keras",
    "tensorflow.compat.v2.keras",
    "tensorflow.contrib.keras",
    "tensorflow.contrib.keras.api.keras",
    "tensorflow.python.keras",
    "tensorflow.python.keras.api",
    "tensorflow.keras",
    "tensorflow_core.keras",
    "keras.api._v2.keras",
    "keras.api",
    "keras.src",
    "tf_keras",
    "tf_keras.src",
)

# Import paths that no longer exist in Keras 3.
_OLD_PATHS = (
    "keras.engine",
    "keras.legacy",
    "keras.layers.core",
    "keras.layers.recurrent",
    "keras.layers.recurrent_v2",
    "keras.layers.wrappers",
    "keras.layers.convolutional",
    "keras.layers.convolutional_recurrent",
    "keras.layers.embeddings",
    "keras.layers.normalization",
    "keras.layers.advanced_activations",
    "keras.layers.noise",
    "keras.layers.pooling",
    "keras.layers.merge",
    "keras.layers.CuDNNLSTM",
    "keras.layers.CuDNNGRU",
    "keras.objectives",
    "keras.utils.np_utils",
    "keras.utils.vis_utils",
    "keras.utils.visualize_util",
    "keras.utils.training_utils",
    "keras.wrappers.scikit_learn",
)

RECURRENT = frozenset(
    {
        "RNN",
        "LSTM",
        "GRU",
        "SimpleRNN",
        "CuDNNLSTM",
        "CuDNNGRU",
        "ConvLSTM1D",
        "ConvLSTM2D",
        "ConvLSTM3D",
        "ConvRNN2D",
    }
)

_LAYERS = RECURRENT | frozenset(
    """Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average
    AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization Bidirectional
    Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose
    Convolution1D Convolution2D Cropping1D Cropping2D Dense DepthwiseConv1D
    DepthwiseConv2D Dot Dropout ELU EinsumDense Embedding Flatten GRUCell
    GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalMaxPooling1D GlobalMaxPooling2D GroupNormalization Input InputLayer InputSpec
    LSTMCell Lambda Layer LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D
    MaxPooling3D MaxPool1D MaxPool2D Maximum Merge Minimum MultiHeadAttention Multiply
    Normalization PReLU Permute ReLU RepeatVector Rescaling Reshape SeparableConv1D
    SeparableConv2D SimpleRNNCell Softmax SpatialDropout1D SpatialDropout2D
    StackedRNNCells Subtract TextVectorization ThresholdedReLU TimeDistributed
    TimeDistributedDense UpSampling1D UpSampling2D ZeroPadding1D ZeroPadding2D""".split()
)

_MODELS = frozenset(
    {"Sequential", "Model", "Functional", "load_model", "clone_model", "model_from_json"}
)

# Names that `from module import *` brings, as far as the rules need them.
_STAR = {
    "keras.layers": _LAYERS,
    "keras.models": _MODELS,
    "keras": frozenset(
        {"layers", "models", "callbacks", "Model", "Sequential", "Input", "utils", "backend"}
    ),
    "keras.callbacks": frozenset(
        [
            "Callback",
            "LambdaCallback",
            "EarlyStopping",
            "ModelCheckpoint",
            "TensorBoard",
            "ReduceLROnPlateau",
            "History",
            "CSVLogger",
        ]
    ),
    "numpy": frozenset(
        ["array", "zeros", "ones", "arange", "reshape", "concatenate", "expand_dims", "random"]
    ),
    "tensorflow": frozenset({"keras", "data", "GradientTape", "function"}),
}


def canonical(dotted: str) -> str:
    """Give the one spelling of a dotted name, `keras.layers.LSTM` for each of its homes."""
    for home in _HOMES:
        if dotted == home or dotted.startswith(home + "."):
            dotted = "keras" + dotted[len(home) :]
    if not dotted.startswith("keras."):
        return dotted
    last = dotted.rsplit(".", 1)[1]
    if last == "Input":
        return "keras.Input"
    if last in {"Model", "Functional"}:
        return "keras.Model"
    if last in {"Sequential", "load_model", "clone_model"}:
        return f"keras.{last}"
    if last in {"Sequence", "PyDataset"}:
        return "keras.utils.PyDataset"
    if dotted.startswith("keras.callbacks."):
        return f"keras.callbacks.{last}"
    if last in _LAYERS or (dotted.startswith("keras.layers.") and last[:1].isupper()):
        return f"keras.layers.{last}"
    return dotted


def is_keras(dotted: str) -> bool:
    """Tell whether a canonical name is Keras's own."""
    return dotted == "keras" or dotted.startswith("keras.")


def shows_keras_2(dotted: str) -> bool:
    """Tell whether an imported name exists only before Keras 3."""
    if dotted == "tf_keras" or dotted.startswith("tf_keras."):
        return True
    for home in ("tensorflow.keras", "tensorflow.python.keras"):
        if dotted.startswith(home + "."):
            dotted = "keras" + dotted[len(home) :]
    return any(dotted == old or dotted.startswith(old + ".") for old in _OLD_PATHS)


def from_star(module: str, name: str) -> str | None:
    """Give the canonical name that `from module import *` binds, if it is one we know."""
    home = canonical(module)
    if name in _STAR.get(home, frozenset()):
        return canonical(f"{home}.{name}")
    return None
