"""The picture of the rooms in the documentation is drawn from what they import."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- imports -->", "<!-- /imports -->"
SENDERS = "webhooks"

Graph = Mapping[str, set[str]]


def read_rooms() -> Graph:
    """Which folder of ours imports from which; modules that are no folder are values, and left out."""
    graph = grimp.build_graph("trainboard", "trainboard_webhooks", cache_dir=None)
    rooms: dict[str, set[str]] = {}
    for module in graph.modules:
        room = room_of(module)
        if room is not None:
            seen = map(room_of, graph.find_modules_directly_imported_by(module))
            rooms.setdefault(room, set()).update(other for other in seen if other not in {None, room})
    return rooms


def room_of(module: str) -> str | None:
    """The name of the folder that the module is in."""
    package, *names = module.split(".")
    if package == "trainboard_webhooks":
        return SENDERS
    return names[0] if names and (ROOT / "bot" / package / names[0]).is_dir() else None


def reach(graph: Graph, start: str) -> set[str]:
    """All that one gets to from `start`, by one arrow or more."""
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += graph[name]
    return found


def merge_circles(graph: Graph) -> Graph:
    """The same with rooms that import each other as one."""
    names = {room: " · ".join(sorted({room, *_others_in_circle(graph, room)})) for room in graph}
    merged: dict[str, set[str]] = {}
    for room, others in graph.items():
        merged.setdefault(names[room], set()).update(names[other] for other in others)
    return {name: others - {name} for name, others in merged.items()}


def _others_in_circle(graph: Graph, room: str) -> Iterable[str]:
    return (other for other in reach(graph, room) if room in reach(graph, other))


def leave_out_detours(graph: Graph) -> Graph:
    """The same without arrows that go where a longer way leads too."""
    far = {room: reach(graph, room) for room in graph}
    return {
        room: {each for each in others if not any(each in far[other] for other in others - {each})}
        for room, others in graph.items()
    }


def draw(graph: Graph) -> str:
    """A flow chart for Mermaid, from who imports to who is imported."""
    names = {room: room.replace(" · ", "_") for room in graph}
    lines = [f'    {names[room]}["{room}"]' for room in sorted(graph)]
    lines += [
        f"    {names[room]} --> {names[each]}" for room in sorted(graph) for each in sorted(graph[room])
    ]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```"])


def test_the_picture_shows_who_imports_whom():
    """TRAINBOARD_UPDATE_GOLDEN=1 draws it anew."""
    drawn = f"\n{draw(leave_out_detours(merge_circles(read_rooms())))}\n"
    before, mark, rest = PAGE.read_text().partition(BEGIN)
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        PAGE.write_text(before + mark + drawn + rest[rest.index(END) :])
    assert drawn == PAGE.read_text().partition(BEGIN)[2].partition(END)[0]


def test_every_room_is_told_of_in_the_table():
    """With what it holds and what it sees."""
    table = [line.split("|")[1] for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    told = " ".join(table)
    assert [] == [room for room in sorted(read_rooms()) if f"{room}/" not in told]


def test_rooms_that_import_each_other_are_one():
    """And a way around leaves the direct arrow out."""
    graph = {"a": {"b", "c"}, "b": {"a", "d"}, "c": {"d"}, "d": set()}
    assert {"a · b": {"c", "d"}, "c": {"d"}, "d": set()} == merge_circles(graph)
    assert {"a · b": {"c"}, "c": {"d"}, "d": set()} == leave_out_detours(merge_circles(graph))
