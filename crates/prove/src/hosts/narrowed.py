"""Leaves of a file's tests the one that holds a claim: the test that its line lies in and, where that is given names, is given its
name. Where no test holds the line, all are left."""
import inspect
import os

LINE, NAME = os.environ["NARROWED"].split(":", 1)


def holds(item):
    try:
        lines, first = inspect.getsourcelines(item.function)
        here = os.path.samefile(inspect.getsourcefile(item.function), os.environ["FILE"])
    except (AttributeError, OSError, TypeError):
        return False
    return here and first <= int(LINE) < first + len(lines)


def is_given(item):
    values = getattr(getattr(item, "callspec", None), "params", {}).values()
    return any(str(value) == NAME or str(value).endswith(":" + NAME) for value in values)


def pytest_collection_modifyitems(config, items):
    holding = [item for item in items if holds(item)]
    kept = [item for item in holding if is_given(item)] or holding or items[:]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
