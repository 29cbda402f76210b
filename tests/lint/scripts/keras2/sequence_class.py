from keras.utils import Sequence
from keras.models import Sequential
from keras.layers import Dense, LSTM
class Batches(Sequence):
    def __init__(self, x, y, n):
        self.x, self.y, self.n = x, y, n
    def __len__(self):
        return len(self.x) // self.n
    def __getitem__(self, i):
        return self.x[i * self.n:(i + 1) * self.n], self.y[i * self.n:(i + 1) * self.n]
model = Sequential()
model.add(LSTM(4, batch_input_shape=(8, 10, 1), stateful=True))
model.add(Dense(1))
model.fit_generator(Batches(x, y, 8), epochs=1)  # [stateful-shuffle]
model.fit_generator(Batches(x, y, 8), epochs=1, shuffle=False)
model.fit(Batches(x, y, 8), epochs=1)  # [stateful-shuffle]
