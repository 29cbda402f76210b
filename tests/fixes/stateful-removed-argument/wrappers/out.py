import numpy as np
from tensorflow.keras.layers import (
    Bidirectional,
    Dense,
    Input,
    LSTM,
    Masking,
    TimeDistributed,
)
from tensorflow.keras.models import Sequential

masked = Sequential()
masked.add(Input(batch_shape=(2, 3, 1)))
masked.add(Masking(mask_value=0.0))
masked.add(LSTM(4, stateful=True))
spread = Sequential()
spread.add(Input(batch_shape=(2, 3, 1)))
spread.add(TimeDistributed(Dense(4)))
spread.add(LSTM(4, stateful=True))
both = Sequential([Input(batch_shape=(2, 3, 1)), Bidirectional(LSTM(4)), Dense(1)])
for model in (masked, spread, both):
    model.predict(np.ones((2, 3, 1)), batch_size=2, verbose=0)
