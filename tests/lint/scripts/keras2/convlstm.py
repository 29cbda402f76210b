from tensorflow.keras import layers, models
m = models.Sequential()
m.add(layers.ConvLSTM2D(8, 3, batch_input_shape=(1, None, 64, 64, 1), stateful=True, padding="same", return_sequences=True))
m.add(layers.BatchNormalization())
m.add(layers.Conv3D(1, 3, padding="same"))
m.fit(x, y, batch_size=1, epochs=5, validation_split=0.05)  # [stateful-missing-reset, stateful-shuffle, stateful-validation-leak]
