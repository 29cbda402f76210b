from keras.models import Sequential
from keras.layers import Dense, LSTM
model = None
def build():
    global model
    model = Sequential()
    model.add(LSTM(8, stateful=True, batch_input_shape=(1, 3, 1)))
    model.add(Dense(1))
def train():
    for i in range(10):
        model.fit(X, y, batch_size=1, epochs=1, shuffle=False)
        model.reset_states()
build()
train()
model.predict(Z)
