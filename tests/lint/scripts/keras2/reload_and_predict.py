from keras.models import load_model, model_from_json
model = load_model("m.h5")
model.reset_states()
model.predict(x, batch_size=1)
m2 = model_from_json(open("x").read())
m2.fit(x, y, epochs=10)
m2.predict(x)
