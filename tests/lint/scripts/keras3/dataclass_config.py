from dataclasses import dataclass
import keras
from keras.layers import LSTM, Dense, Input
@dataclass
class Config:
    batch_size: int = 4
    epochs: int = 3
    stateful: bool = True
cfg = Config()
model = keras.Sequential([Input(batch_shape=(cfg.batch_size, 3, 1)), LSTM(8, stateful=cfg.stateful), Dense(1)])
model.fit(x, y, batch_size=cfg.batch_size, epochs=cfg.epochs, shuffle=False)  # [stateful-missing-reset]
other = Config(stateful=False)
m2 = keras.Sequential([Input((3, 1)), LSTM(8, stateful=other.stateful), Dense(1)])
m2.fit(x, y, epochs=other.epochs)
