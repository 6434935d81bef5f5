"""Times as a table on the terminal and as cumulative distributions in a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from turn_times.session import Times


def report(times: Times) -> None:
    print(f"{'milliseconds':76}     n    p50    p95    p99    max  share")
    whole = 1.0
    for name, values in times.items():
        p50, p95, p99 = np.percentile(values, [50, 95, 99])
        whole = whole if name.startswith(" ") else float(np.mean(values))
        share = f"{np.mean(values) / whole:6.0%}" if name.startswith(" ") else ""
        print(f"{name:76} {len(values):5} {p50:6.0f} {p95:6.0f} {p99:6.0f} {max(values):6.0f} {share}")


def plot(times: Times, path: Path) -> None:
    """Cumulative distributions as SVG."""
    shown = {name: sorted(values) for name, values in times.items() if not name.startswith(" ")}
    width, height, left = 760, 360, 50
    most = max(1000.0, *(values[-1] for values in shown.values()))
    colours = ("#1b6ca8", "#c8553d", "#3c8d5a", "#7a5195", "#d9a21b", "#444444")
    colours += ("#00a3b4", "#e377c2", "#8c564b", "#6b8e23")
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + 30 * len(shown)}">']
    parts.append('<rect width="100%" height="100%" fill="white"/><g font-family="sans-serif" font-size="12">')
    for tick in range(0, int(most) + 1, 250):
        x = left + tick / most * (width - left - 20)
        parts.append(f'<path d="M{x:.0f} 10V{height - 30}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{height - 14}" text-anchor="middle">{tick} ms</text>')
    for share in (0, 50, 95, 100):
        y = height - 30 - share / 100 * (height - 40)
        parts.append(f'<path d="M{left} {y:.0f}H{width - 20}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{share} %</text>')
    for at, (name, values) in enumerate(shown.items()):
        colour = colours[at % len(colours)]
        points = " ".join(
            f"{left + value / most * (width - left - 20):.1f},"
            f"{height - 30 - (rank + 1) / len(values) * (height - 40):.1f}"
            for rank, value in enumerate(values)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y = height + 20 + 22 * at
        parts.append(f'<text x="{left}" y="{y}" fill="{colour}">{name} (n = {len(values)})</text>')
    path.write_text("".join([*parts, "</g></svg>"]) + "\n", encoding="utf-8")
