"""Names of child blocks, from the local names of the function that made them."""

from __future__ import annotations


def name_children(subs: list, names: dict) -> None:
    """Gives each block of `subs` without a name the local name that holds it.

    A block in a list, tuple or dict is called after it and its index or key (`taps_3`), unless
    every one there has a local name as well. What a method keeps in `self` counts as local.
    """
    from ._block import Block

    unnamed = {id(sub): sub for sub in subs if isinstance(sub, Block) and sub._name is None and not sub.skipname}
    if not unnamed:
        return
    scopes = [names]
    owner = names.get("self")
    if hasattr(owner, "__dict__"):
        scopes.append(vars(owner))
    direct: dict[int, str] = {}
    grouped: list[list[tuple[int, str]]] = []
    for scope in scopes:
        for name, value in scope.items():
            if id(value) in unnamed:
                direct.setdefault(id(value), name)
            elif isinstance(value, (list, tuple, dict)):
                members: list[tuple[int, str]] = []
                _collect(name, value, unnamed, members)
                if members:
                    grouped.append(members)
    chosen = dict(direct)
    for members in grouped:
        # The last of a loop is in the loop's variable too: then the list names them all.
        if not all(key in direct for key, _ in members):
            for key, name in members:
                chosen[key] = name
    for key, name in chosen.items():
        unnamed[key]._name = name


def _collect(name: str, value, unnamed: dict, members: list, depth: int = 0) -> None:
    """Appends the id and the name of each unnamed block in a container, nested ones included."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if id(item) in unnamed:
            members.append((id(item), f"{name}_{key}"))
        elif isinstance(item, (list, tuple, dict)) and depth < 8:
            _collect(f"{name}_{key}", item, unnamed, members, depth + 1)
