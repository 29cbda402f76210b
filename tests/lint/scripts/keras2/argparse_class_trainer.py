import argparse
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense, Dropout

class Forecaster:
    def __init__(self, args):
        self.batch_size = args.batch_size
        self.epochs = args.epochs
        self.lookback = args.lookback
        self.model = self._build()

    def _build(self):
        model = Sequential()
        model.add(LSTM(50, batch_input_shape=(self.batch_size, self.lookback, 1), stateful=True, return_sequences=True))
        model.add(Dropout(0.2))
        model.add(LSTM(50, stateful=True))
        model.add(Dense(1))
        model.compile(loss="mse", optimizer="adam")
        return model

    def train(self, x, y):
        for epoch in range(self.epochs):
            print("epoch", epoch)
            self.model.fit(x, y, batch_size=self.batch_size, epochs=1, shuffle=False)
            self.model.reset_states()

    def train_wrong(self, x, y):
        self.model.fit(x, y, batch_size=self.batch_size, epochs=self.epochs)  # [stateful-shuffle, stateful-missing-reset]

    def predict(self, x):
        self.model.reset_states()
        return self.model.predict(x, batch_size=self.batch_size)

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--lookback", type=int, default=10)
    args = parser.parse_args()
    data = np.load("x.npy")
    f = Forecaster(args)
    f.train(data[:, :-1], data[:, -1])
    print(f.predict(data))

if __name__ == "__main__":
    main()
