"""A network, and what its layers do, as figures: shapes with places; a writer a language.

shapes.py      boxes, areas, paths and texts, in points, and what moves; nothing of SVG or TikZ
measures.py    how wide a text is, and how numbers are written
palette.py     the colours by name, on light and on dark ground
legend.py      what stands below a figure
page.py        how wide a figure is, and figures that fit
parts.py       what is drawn for each row: its words, its colour, its figures
figures.py     a network's figure: its rows, its style, its legend
blocks.py      a box a layer, branches side by side
cells.py       what blocks and volumes are laid out from: chains, forks and frames
volumes.py     boxes in oblique projection, thick by their channels, kernels with their cones
levels.py      a row of volumes a resolution, skips across
tiers.py       where the volumes of levels stand, and their arrows
bands.py       a figure in bands one below another, where it is too long
scales.py      how large a volume is drawn
routes.py      the arrows between boxes: gaps, tracks and lanes, and no line through a box
maps.py        maps seen from above: grids with their indices, long axes with pieces left out
groups.py      channels as sheets one behind another, a colour a group
slides.py      how the windows of a layer go along an axis
windows.py     a window that goes over its map: in motion, one step, or a film strip
fields.py      receptive fields on their maps: how they grow, what a unit reads
effective.py   what each pixel weighs: a heat map and its profiles
svg.py         a figure as SVG
tikz.py        a figure as TikZ
"""
