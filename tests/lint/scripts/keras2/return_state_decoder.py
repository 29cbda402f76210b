from keras.layers import Input, LSTM, Dense
from keras.models import Model
encoder_inputs = Input(shape=(None, 10))
encoder = LSTM(256, return_state=True)
encoder_outputs, h, c = encoder(encoder_inputs)
decoder_inputs = Input(shape=(None, 10))
decoder = LSTM(256, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder(decoder_inputs, initial_state=[h, c])
out = Dense(10, activation="softmax")(decoder_outputs)
model = Model([encoder_inputs, decoder_inputs], out)
model.compile("adam", "mse")
model.fit([a, b], y, batch_size=64, epochs=100, validation_split=0.2)
