import numpy as np
import keras
from keras.callbacks import EarlyStopping

x, y = np.ones((4, 3, 1)), np.zeros((4, 4))
model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), keras.layers.LSTM(4, stateful=True)])
model.compile("adam", "mse")
model.fit(x, y, batch_size=2, epochs=3, shuffle=False, verbose=0,
          callbacks=[EarlyStopping("loss")])
stops = [EarlyStopping("loss")]
model.fit(x, y, batch_size=2, epochs=3, shuffle=False, verbose=0, callbacks=stops)
model.fit(
    x,
    y,
    batch_size=2,
    epochs=3,
    shuffle=False,
    verbose=0,
    callbacks=[
        EarlyStopping("loss"),
    ],
)
