from sklearn.model_selection import KFold, train_test_split
from keras.models import Sequential
from keras.layers import LSTM, Dense
m = Sequential([LSTM(10, batch_input_shape=(1, 1, 3), stateful=True), Dense(1)])
xt, xv, yt, yv = train_test_split(X, y, test_size=0.2, shuffle=False)
m.fit(xt, yt, epochs=1, batch_size=1, shuffle=False)
