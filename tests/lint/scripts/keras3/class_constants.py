import keras
from keras.layers import LSTM, Dense, Input
class Config:
    BATCH = 4
    EPOCHS = 10
class Net:
    units = 8
    def __init__(self):
        self.model = keras.Sequential([Input(batch_shape=(Config.BATCH, 3, 1)), LSTM(self.units, stateful=True), Dense(1)])
    def run(self, x, y):
        self.model.fit(x, y, Config.BATCH, Config.EPOCHS)  # [stateful-shuffle, stateful-missing-reset]
Net().run(x, y)
