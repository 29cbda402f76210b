import numpy as np
from tensorflow.keras.layers import (
    Bidirectional,
    Dense,
    LSTM,
    Masking,
    TimeDistributed,
)
from tensorflow.keras.models import Sequential

masked = Sequential()
masked.add(Masking(mask_value=0.0, batch_input_shape=(2, 3, 1)))
masked.add(LSTM(4, stateful=True))
spread = Sequential()
spread.add(TimeDistributed(Dense(4), batch_input_shape=(2, 3, 1)))
spread.add(LSTM(4, stateful=True))
both = Sequential([Bidirectional(LSTM(4, batch_input_shape=(2, 3, 1))), Dense(1)])
for model in (masked, spread, both):
    model.predict(np.ones((2, 3, 1)), batch_size=2, verbose=0)
