"""What the options ask for: a format, settings, what is shown and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.numbers.digits import is_digits, read_whole
from cnncalc.output.formats import ENDINGS, WORKINGS
from cnncalc.report.ordering import Order, order_by
from cnncalc.speech.budget import OF_COMMANDS
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Source, Span, quoted
from cnncalc.trace.settings import ENTRIES, Settings, entry_named
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cnncalc.importing.files import Choice
    from cnncalc.notation.inputs import Volumes
    from cnncalc.notation.tree import Given, Network
    from cnncalc.report.report import Report


STREAMED = ("table", "csv", "json", "jsonl", "markdown", "latex")
"""The formats that need no more than a row at a time."""

FIGURES = {".svg": "svg", ".tex": "tikz"}
"""The languages of figures by the endings of files; each is a writer in `drawing`."""

PICTURES = (".png", ".pdf", ".jpg", ".jpeg", ".eps", ".gif", ".webp", ".ps")
"""The endings of pictures that are not written, and can be made of those that are."""

_OF_ANY_TEXT = (".txt", ".md")
"""The endings of files that may hold a text in another format, where one is said."""


class Form(NamedTuple):
    """The format that is asked for, and the file that takes it; None: standard output.

    `raw` is whether cells of CSV are to be left as they are.
    """

    format: str = "table"
    file: str | None = None
    raw: bool = False

    @classmethod
    def of(cls, options: dict[str, Any], *, draws: bool = False) -> Form:
        """Take the options of `form_options` out of a command's options.

        A command that `draws` one network's layers may be asked for a diagram.
        """
        as_json, chosen, file = (options.pop(name) for name in ("json", "format", "output"))
        if as_json and chosen not in (None, "json"):
            fact = _("--json and --format {name} ask for different formats", name=chosen)
            raise click.UsageError(fact)
        chosen = "json" if as_json else chosen
        chosen = format_of(chosen, file, ENDINGS) or "table"
        if chosen == "mermaid" and not draws:
            raise no_diagram()
        if (raw := options.pop("raw", False)) and chosen != "csv":
            raise click.UsageError(
                _("--raw leaves the cells of CSV as they are, and this is no CSV")
            )
        return cls(chosen, file, raw)


def no_diagram() -> click.UsageError:
    """Return the fault of an answer that is no network's layers, where a diagram is asked for."""
    return click.UsageError(_("mermaid draws the layers of one network, and this prints others"))


def read_explain(options: dict[str, Any], form: Form) -> str | None:
    """Take `--explain` out of a command's options: the quantities that it names, None without."""
    explain: str | None = options.pop("explain")
    if explain is not None and form.format not in WORKINGS:
        raise click.UsageError(_("--explain is printed as text, markdown or latex"))
    return explain


def format_of(chosen: str | None, file: str | None, endings: dict[str, str]) -> str | None:
    """Return the format that is chosen, or that a file's ending asks for: one, where both do."""
    if chosen is None:
        return ending_of(file, endings)
    of_file = endings.get(_ending(file or ""))
    if of_file not in (None, chosen) and _ending(file or "") not in _OF_ANY_TEXT:
        fact = _("--format {name} and -o {file} ask for different formats", name=chosen, file=file)
        raise click.UsageError(fact)
    return chosen


def ending_of(file: str | None, endings: dict[str, str], *, alone: bool = False) -> str | None:
    """Return the format that a file's ending asks for; None for no file, or one without an ending.

    That is an open stream, a pipe or a device. `alone` says that nothing else can ask for a format.
    """
    if file is None:
        return None
    ending = _ending(file)
    if ending in endings:
        return endings[ending]
    from cnncalc.cli.files import is_stream

    if is_stream(file):
        return None
    fact = _("the ending of {name} names no format", name=quoted(file))
    helps = [] if alone else [_("or say which with --format")]
    problem = _unknown_ending(file, fact, endings, *helps)
    if ending in PICTURES and ".svg" in endings:
        span = problem.labels[0].span
        problem.fix = Fix(span, f"{file[: -len(ending)]}.svg")
        problem.notes = (_("browsers and drawing programs make a picture of any kind of an .svg"),)
    raise problem


def refuse_ending(file: str | None, own: str) -> None:
    """Refuse a file whose ending is that of a format, where a command writes only its own."""
    if file is not None and _ending(file) != own and _ending(file) in ENDINGS:
        fact = _("the ending of {name} is that of another format", name=quoted(file))
        raise _unknown_ending(file, fact, [own])


def _ending(file: str) -> str:
    return file[file.rfind(".") :].lower() if "." in file else ""


def _unknown_ending(file: str, fact: str, endings: Iterable[str], *helps: str) -> Problem:
    return Problem(
        "unknown-ending",
        fact,
        [Label(Span(Source("--output", file), 0, len(file)))],
        helps=[_("end it in {names}", names=", ".join(endings)), *helps],
        status=2,
    )


class Motion(NamedTuple):
    """What is asked of a layer's windows: one step, or steps side by side; and the language."""

    at: str | None = None
    frames: bool = False
    language: str = "svg"
    file: str | None = None

    @property
    def is_asked(self) -> bool:
        """Whether it is by an option of its own."""
        return self.frames or self.at is not None


def read_motion(options: dict[str, Any]) -> Motion:
    """Take what draws windows out of a layer's options; the file too, where it is for these."""
    asked = Motion(options.pop("still", None), options.pop("frames", False))
    if not asked.is_asked:
        return asked
    if asked.frames and asked.at is not None:
        raise click.UsageError(_("--still draws one step, and --frames draws them all"))
    option = "--frames" if asked.frames else "--still"
    for name in ("json", "format", "get", "columns", "explain", "check", "totals"):
        if options.get(name) not in (None, False, ()):
            fact = _("{option} draws, and --{other} does not", option=option, other=name)
            raise click.UsageError(fact)
    file = options.pop("output")
    options["output"] = None
    language = ending_of(file, FIGURES, alone=True) or "svg"
    return asked._replace(language=language, file=file)


def refuse_apart(command: str, options: Mapping[str, Any]) -> None:
    """Refuse options of a command that ask for different answers."""
    from cnncalc.report.asked import apart

    if pair := apart(command, options):
        raise _apart(*pair)


def _apart(name: str, other: str) -> click.UsageError:
    fact = _("--{option} and --{other} ask for different answers", option=name, other=other)
    return click.UsageError(fact)


class Output(NamedTuple):
    """What the output options ask for.

    `is_memory`: a batch or a type of values was named; `is_typed`: a type was.
    """

    form: Form
    settings: Settings
    get: str | None
    columns: str | None
    totals: bool
    depth: int | None = None
    at: str | None = None
    by: str | None = None
    check: tuple[str, ...] = ()
    explain: str | None = None
    fits: str | None = None
    chart: bool = False
    is_memory: bool = False
    is_typed: bool = False
    order: Order = Order()

    @property
    def is_figure(self) -> bool:
        """Whether a picture is asked for, and nothing that only a table shows."""
        if self.form.format != "svg" or self.totals or self.chart:
            return False
        return self.order == Order() and self.columns is self.by is self.explain is None

    @property
    def is_streamed(self) -> bool:
        """Whether rows are gone through in their order alone, however many there are."""
        others = (self.at, self.by, self.explain)
        is_plain = all(each is None for each in others) and self.order == Order()
        return self.form.format in STREAMED and is_plain and not self.chart

    @classmethod
    def of(cls, options: dict[str, Any]) -> Output:
        """Take the output options out of a command's options."""
        refuse_apart("stack", options)
        form = Form.of(options, draws=True)
        get = options.pop("get")
        if get and form.format != "table":
            raise _apart("get", "output")
        order, explain = read_order(options), read_explain(options, form)
        is_typed = any(options.get(name) is not None for name in ("dtype", "planner"))
        is_memory = is_typed or options["batch"] is not None
        found: dict[str, Any] = {
            "explain": explain,
            "is_memory": is_memory,
            "is_typed": is_typed,
            "order": order,
        }
        settings = read_settings(options)
        found |= {name: options.pop(name) for name in cls._fields if name in options}
        return cls(form, settings, get, **found)


def read_settings(options: dict[str, Any]) -> Settings:
    """Take the settings out of a command's options: those that it has."""
    given = {name: options.pop(name) for name in Settings._fields if name in options}
    found = {name: value for name, value in given.items() if value is not None}
    if "batch" in found:
        found["batch"] = read_batch(found["batch"])
    for name in ENTRIES:
        if name in found:
            entry = entry_named(name, found[name])
            found[name] = entry if name == "like" else entry.name
    return Settings(**found, budget=OF_COMMANDS)


class Typed(NamedTuple):
    """What is typed of networks: a text for each, the volumes of --input, what of a source."""

    texts: tuple[str, ...]
    inputs: tuple[str, ...]
    choice: Choice

    @classmethod
    def of(cls, options: dict[str, Any]) -> Typed:
        """Take networks, --input and the options of a model's source out of a command's options."""
        from cnncalc.importing.files import Choice

        text = " ".join(options.pop("words", ())) or options.pop("network", "")
        texts, inputs = options.pop("networks", (text,)), options.pop("input")
        name, arguments, names, train = map(options.pop, ("class_", "arguments", "names", "train"))
        refuse_twice("--arg", arguments)
        refuse_twice("--set", names)
        return cls(texts, inputs, Choice(name or "", arguments, names, train))

    def volumes(self, settings: Settings) -> Volumes:
        """Return the volumes that --input gives."""
        from cnncalc.importing.sources import read_input

        return read_input(self.inputs, channels_first=settings.channels_first)

    def read(
        self, settings: Settings, text: str | None = None, more: Iterable[str] = ()
    ) -> tuple[Network, Given | None]:
        """Return the network of a text, of the first for none, and what --input begins it with.

        A model's source is given `more` arguments.
        """
        from cnncalc.importing.files import choice_of
        from cnncalc.importing.sources import read_network

        given, first = self.volumes(settings), settings.channels_first
        text = self.texts[0] if text is None else text
        choice = choice_of(text, self.texts, self.choice)
        if choice and more:
            choice = choice._replace(arguments=(*choice.arguments, *more))
        network = read_network(text, given=given, channels_first=first, choice=choice)
        return network, given.head

    def report(self, settings: Settings, text: str | None = None) -> Report:
        """Return the report of such a network, with the progress of its trace."""
        from cnncalc.cli.streams import watch
        from cnncalc.report.report import Report

        network, given = self.read(settings, text)
        with watch(_("tracing")) as watching:
            return Report(network, settings, given=given, tell=watching)


def refuse_twice(option: str, texts: Iterable[str]) -> None:
    """Refuse a name that is given two values: NAME=VALUE, each once."""
    names: set[str] = set()
    for text in texts:
        name, is_named, _value = text.partition("=")
        if is_named and name.strip() in names:
            fact = _("{option} gives {name} two values", option=option, name=quoted(name.strip()))
            raise click.UsageError(fact)
        names.add(name.strip() if is_named else "")


def read_batch(text: str) -> int:
    """Return the number of inputs that go through at once."""
    word = text.strip().replace(",", "")
    whole = Span(Source("--batch", text), 0, len(text))
    if is_digits(word) and word.strip("0"):
        return read_whole(word, whole, status=2)
    raise Problem(
        "batch-not-a-number",
        _("a batch is a whole number of inputs, 1 or more"),
        [Label(whole)],
        helps=[_("as in '--batch 32'")],
        status=2,
    )


def read_order(options: dict[str, Any]) -> Order:
    """Take the order of rows out of a command's options."""
    name, top = options.pop("sort", None), options.pop("top", None)
    if name and "," in name:
        raise click.UsageError(_("--sort takes one quantity"))
    return order_by(name, top)
