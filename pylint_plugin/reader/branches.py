"""Branches and loops: each arm runs on its own copy of the state, then the states are joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from astroid import nodes

from pylint_plugin.facts import Data
from pylint_plugin.places import UNKNOWN, Arm, Loop, Unknown
from pylint_plugin.reader.machine import Exits, Flow, Machine
from pylint_plugin.reader.store import Changes
from pylint_plugin.reader.values import NOTHING, Const, Ref

_EXITS = 12


def branch(machine: Machine, arms: Sequence[Callable[[], Flow]]) -> Flow:
    """Run the arms of a branch that cannot be decided, and join what they leave behind.

    Where some arm leaves the block, what follows in the block is conditional: its path says so.
    """
    uid = machine.uid()
    alive: list[Changes] = []
    last = 0
    left = False
    for which, arm in enumerate(arms):
        machine.store.open()
        with machine.inside(Arm(uid, which)):
            flow = arm()
        changes = machine.store.close()
        if flow is Flow.NEXT:
            alive.append(changes)
            last = which
        left = left or flow is Flow.LEAVE
    if not alive:
        return Flow.LEAVE if left else Flow.RAISE
    machine.store.merge(alive)
    if left:
        machine.path += (Arm(uid, last),)
    return Flow.NEXT


def leave(machine: Machine, exits: Exits) -> None:
    """Keep the state with which control leaves a loop or a function."""
    if len(exits.changes) < _EXITS:
        exits.changes.append(machine.store.since(exits.level))
    else:
        machine.complete = False


def repeat(
    machine: Machine,
    body: Sequence[nodes.NodeNG],
    times: int | Unknown = UNKNOWN,
    bind: Callable[[Loop], None] | None = None,
    around: nodes.NodeNG | None = None,
) -> Flow:
    """Run the body of a loop once, on a state that holds at every turn."""
    loop = Loop(machine.uid(), times)
    if around is not None and times != 1:
        forget_counters(machine, around, loop)
    exits = Exits(machine.store.level)
    machine.loops.append(exits)
    machine.store.open()
    with machine.inside(loop):
        if bind is not None:
            bind(loop)
        flow = machine.execute(body)
    fallen = machine.store.close()
    machine.loops.pop()
    ends = exits.changes + ([fallen] if flow is Flow.NEXT else [])
    if ends:
        machine.store.merge(ends)
    return Flow.NEXT


def forget_counters(machine: Machine, around: nodes.NodeNG, loop: Loop) -> None:
    """Make constants unknown that the loop assigns: they hold at the first turn only.

    One that is only ever counted on from its own value is another at every turn.
    """
    turn = Data(varies=frozenset({loop.uid}))
    targets = machine.assigned(around)
    counters = counting(targets)
    for node in targets:
        place = _place(machine, node)
        if place is not None and isinstance(machine.store.get(*place), Const):
            machine.store.put(*place, turn if node.as_string() in counters else NOTHING)


def _place(machine: Machine, node: nodes.NodeNG) -> tuple[int, str] | None:
    if isinstance(node, nodes.AssignName):
        return machine.frame.uid, node.name
    if isinstance(node.expr, nodes.Name):
        owner = machine.store.get(machine.frame.uid, node.expr.name)
        if isinstance(owner, Ref):
            return owner.uid, node.attrname
    return None


def counting(targets: Sequence[nodes.NodeNG]) -> frozenset[str]:
    """Give the targets that go on from their own value, and never start again."""
    names = {each.as_string() for each in targets}
    return frozenset(names - {each.as_string() for each in targets if not _goes_on(each)})


def _goes_on(target: nodes.NodeNG) -> bool:
    statement = target.parent
    if isinstance(statement, nodes.AugAssign):
        return bool(statement.op != "%=")
    value = statement.value if isinstance(statement, nodes.Assign) else None
    if value is None or (isinstance(value, nodes.BinOp) and value.op == "%"):
        return False
    parts = value.nodes_of_class((nodes.Name, nodes.Attribute))
    return any(each.as_string() == target.as_string() for each in parts)
