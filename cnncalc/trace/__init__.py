"""A network and a volume, to rows: what each layer gives, learns, costs and sees.

trace.py           the walk through a network; prints nothing
brackets.py        what stands in brackets, is called or comes again, and the places around it
flow.py            what flows from an item to the next, and what names stand for on the way
layers.py          a layer where it stands: measured, held to what its call says, a row
joins.py           a join where it stands: what its branches come to, and what it sees
whereabouts.py     where a fault came about: in which round, in which call
fields.py          what layers and joins make of a receptive field
ledger.py          the numbers of rows, the brackets around them, the warnings
rounds.py          rounds of a repeat that are alike: each has the rows of the one before
round_walk.py      the walk through them: one is walked, the others are its rows
course.py          what decided a walk on its way
rewalk.py          rows gone through again from the first that is another
skips.py           rows that a forward pass does not keep, since others are like them
settings.py        what a question says beside its network, in one value that travels
rows.py            a layer, a join or a reference each, or several as one, and what it has
expansion.py       what calls and repeats come to, counted before they are traced
outline.py         what a network comes to in all, without its rows
outline_parts.py   what it is made of: a layer anywhere, and what a sequence comes to
resolutions.py     what layers and calls with names in them come to, worked out once
adapted.py         what is known of rows before they are walked: norms folded, parts frozen
deployed.py        a network as it is deployed, norms folded, or trained in part
labels.py          the labels of rows, and the fault of a name that no row has
sharing.py         the same weights again: what a first use decided, and the weights it had
disagreement.py    the fault of branches that do not fit, and what would bring them together
warnings.py        what is noticed on the way: warnings, notes, rules that are broken
field_faults.py    what is said where it is not known, or not alike, what units see
dtypes.py          types of values: of weights and of maps, and their bytes
devices.py         the one table of devices: what each multiplies and moves in a second
memory.py          what must be held at once, what training holds, what fits
fits.py            what fits into a memory: the largest batch
planners.py        the one table of planners: what shares memory, and how it is laid
arena.py           TensorFlow Lite Micro's arena: where each tensor is laid
arena_order.py     the order of its ops, by their names
arena_ops.py       the ops that rows become in its converter, and the tensors they write
memory_rules.py    the one table of how others count, or hold, what a pass writes
counters.py        the one table of what others count: classes, and counters that choose
effective_field.py how much of a unit comes from each pixel, all filters uniform
effective_plane.py the same on a plane, rows and columns together
work.py            how much work a row is, by which searches are bounded
units.py           one output unit, and the first and last pixel of its field
read_pixels.py     the pixels that it really reads, between its gaps and inside every border
"""
