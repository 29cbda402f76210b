"""The arguments of a call: found, given, changed and dropped."""

from __future__ import annotations

import libcst as cst

from pylint_plugin.fixes.edits import Edit, Edits
from pylint_plugin.fixes.items import put_last, take_out
from pylint_plugin.fixes.source import Source

# How many arguments a `*` may stand for.
MANY = 99


def method(call: cst.Call | None, *names: str) -> bool:
    """Whether a call is one of a method so named, `model.fit(...)`."""
    return (
        call is not None and isinstance(call.func, cst.Attribute) and call.func.attr.value in names
    )


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    """Give an argument that is passed by its name."""
    return next((each for each in call.args if each.keyword and each.keyword.value == name), None)


def positional(call: cst.Call) -> int:
    """Count the arguments that are passed by their place; those of a `*` are many."""
    if any(each.star == "*" for each in call.args):
        return MANY
    return sum(each.keyword is None and not each.star for each in call.args)


def value(source: Source, arg: cst.Arg, text: str) -> Edits:
    """Give an argument another value."""
    _, end = source.span(arg)
    return (Edit(end - len(source.code(arg.value).encode()), end, text),)


def replaced(source: Source, node: cst.BaseExpression, text: str) -> Edits:
    """Write something else where an expression without parentheses stands."""
    return (Edit(*source.span(node), text),)


def give(source: Source, call: cst.Call, text: str) -> Edits | None:
    """Pass one more argument, behind the others."""
    if not call.args:
        end = source.span(call)[1]
        inner = source.raw[source.span(call.func)[1] : end]
        return None if b"#" in inner else (Edit(end - 1, end - 1, text),)
    only = call.args[0].value
    if isinstance(only, cst.GeneratorExp) and not only.lpar:
        return None
    return put_last(source, call.args, text)


def drop(source: Source, call: cst.Call, *args: cst.Arg) -> Edits:
    """Pass some arguments no longer."""
    return take_out(source, call.args, args)


def is_literal(node: cst.BaseExpression, *texts: str) -> bool:
    """Whether an expression is one of a few constants."""
    if isinstance(node, cst.SimpleString):
        return node.raw_value in texts
    return isinstance(node, cst.Name) and node.value in texts
