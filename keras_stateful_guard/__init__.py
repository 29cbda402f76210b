"""Makes wrong state in stateful Keras RNNs impossible to miss."""
