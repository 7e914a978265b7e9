"""Charts as SVG, without a library: bars for the comparison, lines for growth."""

import html
import math

from works import WORKS

FONT = 'font-family="system-ui, sans-serif" font-size="12"'
OURS, THEIRS, INK, GREY = "#0b6e4f", "#b8c4cc", "#1b1f23", "#8a949e"
SERIES_COLOURS = ["#0b6e4f", "#c2571a", "#3a5fcd"]
LABEL_WIDTH, BAR_WIDTH_MAX, ROW, WIDTH = 260, 380, 18, 760


def text(x, y, words, anchor="start", fill=INK, more=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" {FONT} {more}>'
            f"{html.escape(words)}</text>")


def svg(width, height, parts):
    return ('<svg xmlns="http://www.w3.org/2000/svg" '
            f'width="{width}" height="{height:.0f}" '
            f'viewBox="0 0 {width} {height:.0f}">\n'
            f'<rect width="{width}" height="{height:.0f}" fill="#ffffff"/>\n'
            + "\n".join(parts) + "\n</svg>\n")


def bar_chart(results):
    """A group of bars a work, each group to a scale of its own, the figures beside the bars."""
    parts, y = [], 10
    for work in WORKS:
        summaries = results.summaries(work.key)
        if not summaries:
            continue
        y += ROW
        parts.append(text(8, y, f"{work.title}, {work.unit} a second", more='font-weight="600"'))
        most = max(summary.units_per_second_max for summary in summaries.values()) or 1
        for name, summary in summaries.items():
            y += ROW
            parts += bar(y, name, results.what(name, work.key), summary, most)
        y += 8
    return svg(WIDTH, y + 16, parts)


def bar(y, name, what, summary, most):
    scale = BAR_WIDTH_MAX / most
    width = summary.units_per_second * scale
    low, high = summary.units_per_second_min * scale, summary.units_per_second_max * scale
    middle = y - 4
    label = f"{name}: {what}" if what else name
    fill = OURS if name == "Millstream" else THEIRS
    return [
        text(LABEL_WIDTH - 8, y, label, "end"),
        f'<rect x="{LABEL_WIDTH}" y="{y - 11}" width="{width:.1f}" height="13" fill="{fill}"/>',
        f'<line x1="{LABEL_WIDTH + low:.1f}" x2="{LABEL_WIDTH + high:.1f}" y1="{middle - 0.5}" '
        f'y2="{middle - 0.5}" stroke="{INK}"/>',
        text(LABEL_WIDTH + max(width, high) + 6, y, f"{summary.units_per_second:,.0f}")]


def nice_step(most, steps=5):
    """A round distance for about that many lines up to `most`."""
    if most <= 0:
        return 1
    raw = most / steps
    power = 10 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)


def short(number):
    """1,200,000 as "1.2M"."""
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size:
            return f"{number / size:g}{suffix}"
    return f"{number:g}"


def line_chart(title, x_title, xs, series):
    """`series`: {name: [y for each x]}. The steps along x are even, whatever the numbers are, for
    they grow by factors and begin with 0."""
    left, top, width, height = 70, 40, 620, 260
    most = max((y for ys in series.values() for y in ys), default=0)
    step = nice_step(most)
    ceiling = max(step, math.ceil(most / step) * step)
    x_of = lambda i: left + width * (i + 0.5) / len(xs)
    y_of = lambda y: top + height * (1 - y / ceiling)
    parts = [text(left, 20, title, more='font-weight="600"'),
             text(left + width / 2, top + height + 40, x_title, "middle")]
    for i in range(round(ceiling / step) + 1):
        y = y_of(i * step)
        parts += [f'<line x1="{left}" x2="{left + width}" y1="{y:.1f}" y2="{y:.1f}" '
                  f'stroke="{GREY}" stroke-opacity="0.3"/>',
                  text(left - 8, y + 4, short(i * step), "end")]
    parts += [text(x_of(i), top + height + 18, short(x), "middle") for i, x in enumerate(xs)]
    for number, (name, ys) in enumerate(series.items()):
        colour = SERIES_COLOURS[number % len(SERIES_COLOURS)]
        points = " ".join(f"{x_of(i):.1f},{y_of(y):.1f}" for i, y in enumerate(ys))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" '
                     'stroke-width="2"/>')
        parts += [f'<circle cx="{x_of(i):.1f}" cy="{y_of(y):.1f}" r="3" fill="{colour}"/>'
                  for i, y in enumerate(ys)]
        parts.append(text(left + width - 8, top + 16 + 16 * number, name, "end", colour))
    return svg(left + width + 20, top + height + 56, parts)
