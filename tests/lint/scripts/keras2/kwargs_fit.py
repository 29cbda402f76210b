from keras.models import Sequential
from keras.layers import LSTM, Dense
model = Sequential()
model.add(LSTM(8, batch_input_shape=(4, 5, 1), stateful=True))
model.add(Dense(1))
def train(model, **kwargs):
    model.fit(X, y, **kwargs)
train(model, epochs=1, batch_size=4, shuffle=False)
