import random
from collections import deque
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM
class Agent:
    def __init__(self):
        self.memory = deque(maxlen=1000)
        self.model = self._build()
    def _build(self):
        m = Sequential()
        m.add(LSTM(8, batch_input_shape=(1, 1, 4), stateful=True))
        m.add(Dense(2))
        m.compile("adam", "mse")
        return m
    def act(self, state):
        return np.argmax(self.model.predict(state)[0])
    def replay(self, n):
        batch = random.sample(self.memory, n)
        for s, a, r, s2, done in batch:
            target = r + 0.9 * np.amax(self.model.predict(s2)[0])
            f = self.model.predict(s)
            f[0][a] = target
            self.model.fit(s, f, epochs=1, verbose=0)
agent = Agent()
for e in range(100):
    s = env.reset()
    for t in range(200):
        a = agent.act(s)
        s2, r, done, _ = env.step(a)
        agent.memory.append((s, a, r, s2, done))
        s = s2
    agent.replay(32)
    agent.model.reset_states()
