import kerastuner as kt
from tensorflow import keras
def build_model(hp):
    model = keras.Sequential()
    model.add(keras.layers.LSTM(hp.Int("units", 8, 64), batch_input_shape=(32, 10, 1), stateful=True))
    model.add(keras.layers.Dense(1))
    model.compile("adam", "mse")
    return model
tuner = kt.RandomSearch(build_model, objective="val_loss", max_trials=5)
tuner.search(x, y, epochs=5, validation_data=(xv, yv), shuffle=False)
best = tuner.get_best_models(1)[0]
best.predict(x)
