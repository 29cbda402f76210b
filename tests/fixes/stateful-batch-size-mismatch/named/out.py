import keras
import numpy as np

BATCH = 4
x, y = np.ones((40, 3, 1)), np.zeros((40, 4))
model = keras.Sequential([keras.Input(batch_shape=(BATCH, 3, 1)), keras.layers.LSTM(4, stateful=True)])
model.compile("adam", "mse")
model.fit(x, y, shuffle=False, verbose=0, batch_size=BATCH)
model.evaluate(x, y, verbose=0, batch_size=BATCH)
model.predict(x, verbose=0, batch_size=BATCH)
