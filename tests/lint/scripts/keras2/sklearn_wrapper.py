from keras.wrappers.scikit_learn import KerasRegressor
from keras.models import Sequential
from keras.layers import Dense, LSTM
def create():
    model = Sequential()
    model.add(LSTM(8, stateful=True, batch_input_shape=(1, 3, 1)))
    model.add(Dense(1))
    model.compile("adam", "mse")
    return model
est = KerasRegressor(build_fn=create, epochs=10, batch_size=1)
est.fit(X, y)
est.predict(X)
