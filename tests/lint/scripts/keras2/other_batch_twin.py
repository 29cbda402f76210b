from keras.models import Sequential
from keras.layers import Dense, LSTM
def make(n_batch):
    model = Sequential()
    model.add(LSTM(4, batch_input_shape=(n_batch, 10, 1), stateful=True))
    model.add(Dense(1))
    model.compile("adam", "mse")
    return model
model = make(16)
for e in range(10):
    model.fit(X, y, epochs=1, batch_size=16, shuffle=False)
    model.reset_states()
new_model = make(1)
new_model.set_weights(model.get_weights())
for i in range(len(X)):
    new_model.predict(X[i].reshape(1, 10, 1), batch_size=1)
model.predict(X, batch_size=1)  # [stateful-batch-size-mismatch]
