"""A journey as Mermaid text, which code forges draw by themselves.

Comes in: a graph. Goes out: text. It knows nothing of the conversation.
"""

from __future__ import annotations

from voice_coach.maps.journeys import Edge, Graph, Node

STYLES = {
    "listen": "fill:#e8f1fb,stroke:#456",
    "none": "fill:#f6f6f6,stroke:#666",
    "setup": "fill:#f6f6f6,stroke:#666",
    "permission": "fill:#fff4d6,stroke:#a70,stroke-width:2px",
    "explore": "fill:#e6f5e6,stroke:#474",
    "challenge": "fill:#fbe3e3,stroke:#a33,stroke-width:3px",
    "beyond": "fill:#fff,stroke:#999,stroke-dasharray:4 3",
}
"""Stance -> how a state of it looks; a place beyond the map is dashed."""
MOST_INTENTS = 5


def mermaid(graph: Graph) -> str:
    """The text of a flowchart."""
    used = dict.fromkeys(node.stance or "beyond" for node in graph.nodes)
    lines = ["flowchart TD"]
    lines += [f"  {_node(node)}" for node in graph.nodes]
    lines += [f"  {_edge(edge)}" for edge in graph.edges]
    lines += [f"  classDef {stance} {STYLES[stance]}" for stance in used]
    return "\n".join(lines) + "\n"


def label(edge: Edge) -> str:
    """The answers of an edge, the first few of them."""
    more = len(edge.intents) - MOST_INTENTS
    return ", ".join(edge.intents[:MOST_INTENTS]) + (f" +{more}" if more > 0 else "")


def _node(node: Node) -> str:
    shown = node.name + (f"<br/><small>{_plain(node.purpose)}</small>" if node.stance else "")
    opened, closed = ("{{", "}}") if node.locked else ("[", "]") if node.stance else ("([", "])")
    return f'{_id(node.name)}{opened}"{shown}"{closed}:::{node.stance or "beyond"}'


def _edge(edge: Edge) -> str:
    return f'{_id(edge.source)} {"-.->" if edge.perhaps else "-->"}|"{label(edge)}"| {_id(edge.dest)}'


def _id(name: str) -> str:
    # "end" is a word of the language itself.
    return f"s_{name}"


def _plain(text: str) -> str:
    return text.replace('"', "'").replace("<", "(").replace(">", ")")
