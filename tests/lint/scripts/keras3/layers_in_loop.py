import keras
from keras import layers
model = keras.Sequential()
model.add(keras.Input(batch_shape=(4, 3, 1)))
for i, units in enumerate([8, 16, 32]):
    model.add(layers.LSTM(units, stateful=True, return_sequences=i < 2))
model.add(layers.Dense(1))
model.fit(x, y, batch_size=4, shuffle=True)  # [stateful-shuffle]
