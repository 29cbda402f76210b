from keras.layers import Input, LSTM, Dense, concatenate
from keras.models import Model
main_input = Input(batch_shape=(10, 50, 4), name='main')
aux = Input(batch_shape=(10, 3), name='aux')
x = LSTM(32, stateful=True, return_sequences=True)(main_input)
x = LSTM(32, stateful=True)(x)
x = concatenate([x, aux])
out = Dense(1)(x)
model = Model(inputs=[main_input, aux], outputs=out)
model.compile('adam', 'mse')
for e in range(10):
    model.fit({'main': a, 'aux': b}, y, batch_size=10, epochs=1, shuffle=False)
    model.reset_states()
model.fit([a, b], y, batch_size=10, nb_epoch=10)  # [stateful-shuffle, stateful-missing-reset]
