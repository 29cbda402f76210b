from keras.models import Sequential
from keras.layers import LSTM, Dense
CONFIG = {"batch_size": 16, "epochs": 20, "shuffle": False, "stateful": True}
model = Sequential()
model.add(LSTM(8, batch_input_shape=(CONFIG["batch_size"], 5, 1), stateful=CONFIG["stateful"]))
model.add(Dense(1))
model.fit(X, y, epochs=CONFIG["epochs"], batch_size=CONFIG["batch_size"], shuffle=CONFIG["shuffle"])  # [stateful-missing-reset]
