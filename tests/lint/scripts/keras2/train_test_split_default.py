from sklearn.model_selection import train_test_split
from keras.models import Sequential
from keras.layers import Dense, LSTM
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)  # [stateful-shuffled-data]
model = Sequential()
model.add(LSTM(4, batch_input_shape=(16, 10, 1), stateful=True))
model.add(Dense(1))
model.fit(X_train, y_train, epochs=1, batch_size=16, shuffle=False)
