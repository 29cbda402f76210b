"""Reads the nodes of a tf.data pipeline: `nodes` what they are, `order` and `batches` what they do.

Nothing is iterated or serialized, so that no data is spent or copied.
"""
