import numpy as np
import keras
from keras.callbacks import EarlyStopping
from keras_stateful_guard import StatefulGuard

x, y = np.ones((4, 3, 1)), np.zeros((4, 4))
model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), keras.layers.LSTM(4, stateful=True)])
model.compile("adam", "mse")
model.fit(x, y, batch_size=2, epochs=3, shuffle=False, verbose=0,
          callbacks=[EarlyStopping("loss"), StatefulGuard()])
stops = [EarlyStopping("loss")]
model.fit(x, y, batch_size=2, epochs=3, shuffle=False, verbose=0, callbacks=[*stops, StatefulGuard()])
model.fit(
    x,
    y,
    batch_size=2,
    epochs=3,
    shuffle=False,
    verbose=0,
    callbacks=[
        EarlyStopping("loss"),
        StatefulGuard(),
    ],
)
