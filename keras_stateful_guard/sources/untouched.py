"""Whether calling a Python function once more surely changes nothing: it only computes.

Read from its bytecode and from the values it can reach. Doubt counts as a change: a function is
taken to change nothing only where everything that it names is known to be harmless.
"""

from __future__ import annotations

import builtins
import dis
import inspect
from collections.abc import Iterator
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

_WRITES = (
    "DELETE_ATTR DELETE_GLOBAL DELETE_SUBSCR IMPORT_NAME STORE_ATTR STORE_GLOBAL STORE_SLICE "
    "STORE_SUBSCR"
)
_CHANGING = (
    "add append assign assign_add assign_sub byteswap clear close discard extend fill insert "
    "itemset next pop popitem popleft put read readline readlines remove resize reverse seek send "
    "setdefault setfield setflags sort tofile update write"
)
_RANDOM = "bernoulli choice multinomial normal poisson sample seed uniform"
_HARMLESS = (
    "abs all any bool bytes complex dict divmod enumerate filter float frozenset int isinstance "
    "len list map max min pow range reversed round set slice sorted str sum tuple zip "
    "AssertionError IndexError KeyError TypeError ValueError"
)
WRITES = frozenset(_WRITES.split())
CHANGING = frozenset(_CHANGING.split())
RANDOM = frozenset(_RANDOM.split())
HARMLESS = frozenset(_HARMLESS.split())
LIBRARIES = frozenset({"keras", "math", "numpy", "pandas", "tensorflow", "tf_keras", "torch"})
PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes, range, slice})
CALLABLE = (FunctionType, BuiltinFunctionType, type)
WRITING_ARGUMENTS = ("out", "inplace")
MANY, DEEP = 1000, 4


def why_not(function: Any, owner: Any = None) -> str:
    """Return what a call might change, in plain words; empty where it surely changes nothing.

    Args:
        function: The function, or what a class holds under the name of a method.
        owner: The object it is a method of.
    """
    if owner is not None and hasattr(type(owner), "__getattr__"):
        return f"{type(owner).__name__} has a __getattr__() of its own"
    return next(_doubts(function, owner, set()), "")


def is_random(function: Any) -> bool:
    """Return whether a function, as far as its own code shows, draws random numbers."""
    code = getattr(function, "__code__", None)
    return code is not None and any(_draws(name) for each in codes(code) for name in each.co_names)


def _doubts(function: Any, owner: Any, seen: set[int]) -> Iterator[str]:
    if not isinstance(function, FunctionType):
        yield f"{getattr(function, '__name__', function)} cannot be read"
    elif id(function) not in seen:
        seen.add(id(function))
        for code in codes(function.__code__):
            if any(_is_writing(each) for each in code.co_consts):
                yield f"{function.__name__}() hands over an array to write to"
            for step in dis.get_instructions(code):
                yield from _step(step, function, owner, seen)


def _step(
    step: dis.Instruction, function: FunctionType, owner: Any, seen: set[int]
) -> Iterator[str]:
    name = str(step.argval)
    if step.opname in WRITES or step.opname.startswith("INPLACE_"):
        yield f"{function.__name__}() writes to more than a name of its own"
    elif step.opname == "BINARY_OP" and step.argrepr.endswith("="):
        yield f"{function.__name__}() changes a value in place"
    elif step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
        yield from _attribute(name, function, owner, seen)
    elif step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
        if name in function.__globals__:
            yield from _value(name, function.__globals__[name], seen)
        elif name not in HARMLESS and hasattr(builtins, name):
            yield f"{function.__name__}() calls {name}()"
    elif step.opname == "LOAD_DEREF" and name in function.__code__.co_freevars:
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        yield from _value(name, cells[name].cell_contents, seen)


def _attribute(name: str, function: FunctionType, owner: Any, seen: set[int]) -> Iterator[str]:
    if name in CHANGING or _draws(name):
        yield f"{function.__name__}() uses .{name}"
    elif name in getattr(owner, "__dict__", {}):
        yield from _value(f"self.{name}", owner.__dict__[name], seen)
    elif owner is not None and hasattr(type(owner), name):
        held = inspect.getattr_static(type(owner), name)
        if isinstance(held, property):
            held = held.fget
        if isinstance(held, (staticmethod, classmethod)):
            held = held.__func__
        if isinstance(held, FunctionType):
            yield from _doubts(held, owner, seen)
        else:
            yield from _value(f"self.{name}", held, seen)


def _value(name: str, value: Any, seen: set[int]) -> Iterator[str]:
    if isinstance(value, FunctionType) and not _is_library(value):
        yield from _doubts(value, None, seen)
    elif not _is_still(value, DEEP):
        yield f"it uses {name}, a {type(value).__name__}"


def _is_still(value: Any, depth: int) -> bool:
    """Return whether looking at a value, or at a value inside it, cannot change it."""
    if type(value) in PLAIN:
        return True
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        if set(map(type, value)) <= PLAIN:
            return True
        return depth > 0 and len(value) <= MANY and all(_is_still(v, depth - 1) for v in value)
    if isinstance(value, ModuleType):
        return value.__name__.partition(".")[0] in LIBRARIES and "random" not in value.__name__
    if isinstance(value, CALLABLE) or type(value).__module__.partition(".")[0] == "numpy":
        return _is_library(value) or _is_library(type(value))
    return _is_library(type(value)) and hasattr(value, "shape")


def _is_library(value: Any) -> bool:
    module = getattr(value, "__module__", None) or ""
    return module.partition(".")[0] in LIBRARIES and "random" not in module


def _draws(name: str) -> bool:
    return name in RANDOM or name.startswith("rand") or "shuffle" in name or "permut" in name


def _is_writing(constant: Any) -> bool:
    """Return whether a constant is the names of keyword arguments, one of them to write to."""
    return isinstance(constant, tuple) and any(each in WRITING_ARGUMENTS for each in constant)


def codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a function and of all that are written inside it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from codes(each)
