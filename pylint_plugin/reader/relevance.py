"""Which functions are worth running by themselves: those whose words lead to a model's states."""

from __future__ import annotations

import re
from collections.abc import Sequence

from astroid import nodes

_WORD = re.compile(rb"[A-Za-z_]\w*")
_TRIGGERS = frozenset(
    b"""stateful reset_state reset_states batch_input_shape batch_shape initial_state fit
    fit_generator train_on_batch GradientTape evaluate evaluate_generator predict predict_classes
    predict_generator""".split()
)


def relevant(tree: nodes.Module, functions: Sequence[nodes.FunctionDef]) -> list[nodes.FunctionDef]:
    """Give the functions that name a trigger, or another function or class that does."""
    with tree.stream() as stream:
        lines = stream.read().splitlines()
    words = {each: _words(lines, each) for each in functions}
    names = set(_TRIGGERS)
    chosen: set[nodes.FunctionDef] = set()
    while True:
        new = [each for each in functions if each not in chosen and words[each] & names]
        if not new:
            return [each for each in functions if each in chosen]
        chosen.update(new)
        for each in new:
            owner = each.parent
            name = owner.name if isinstance(owner, nodes.ClassDef) else each.name
            names.add(name.encode())


def _words(lines: list[bytes], node: nodes.FunctionDef) -> frozenset[bytes]:
    text = b"\n".join(lines[node.fromlineno : node.tolineno])
    head = lines[node.fromlineno - 1 : node.fromlineno]
    return frozenset(_WORD.findall(text)) | frozenset(_WORD.findall(b"".join(head)[4:]))
