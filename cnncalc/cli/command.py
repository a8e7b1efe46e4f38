"""What every command is: it takes an arrow for an argument, shows its example, refuses words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.options import HELP_NAMES, help_option, language_option
from cnncalc.cli.streams import flush, width
from cnncalc.speech.language import _, is_english

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_INPUTS = (
    "-i",
    "--input-shape",
    "--input-size",
    "--in-shape",
    "--shape",
    "--input-dims",
    "--volume",
)
OTHER_NAMES = {**dict.fromkeys(_INPUTS, "--input"), "--batch-size": "--batch"}
"""Names that other tools have for options, and what those are called here."""

HELP: dict[str, Any] = {
    "help_option_names": HELP_NAMES,
    "terminal_width": max(min(width() or 80, 80), 30),  # click would import shutil to ask
}


class WideFormatter(click.HelpFormatter):
    """Lays out help by the cells that letters take: click counts each of Hangul as one."""

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        if is_english():
            super().write_text(text)
            return
        from cnncalc.speech.lines import wrap

        for number, paragraph in enumerate(text.split("\n\n")):
            indent = " " * self.current_indent
            self.write("\n" * bool(number))
            for line in wrap(indent + paragraph, self.width, self.current_indent):
                self.write(f"{line}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names and what they are, side by side."""
        rows = list(rows)
        if is_english():
            super().write_dl(rows, col_max, col_spacing)
            return
        from cnncalc.speech.lines import cells, wrap

        indent = " " * self.current_indent
        column = min(max(cells(name) for name, _says in rows), col_max) + col_spacing
        place = self.current_indent + column
        for name, says in rows:
            gap = column - cells(name)
            head = f"{indent}{name}{' ' * gap}" if gap >= col_spacing else " " * place
            if gap < col_spacing:
                self.write(f"{indent}{name}\n")
            for line in wrap(head + says, self.width, place):
                self.write(f"{line}\n")


class Context(click.Context):
    """The context of a command, whose help is laid out by cells."""

    formatter_class = WideFormatter


class Helped(click.Command):
    """A command whose help is ours, `--help` as well: click's would ask for its catalogues."""

    context_class = Context
    narrow = 60
    """Cells of a terminal on which options and what they do are not side by side."""
    _help: click.Option | None = None

    def get_help_option(self, _ctx: click.Context) -> click.Option:
        """Return `--help`, always the same: click looks for it among the options."""
        self._help = self._help or help_option()
        return self._help

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the parameters and `--help`: click would look for a name that comes twice."""
        return [*self.params, self.get_help_option(ctx)]

    @property
    def examples(self) -> Sequence[str]:
        """The command lines that its help begins with."""
        raise NotImplementedError

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage, examples however wide they are, what it does, and its options."""
        if not is_english():
            self._localize(ctx)
        words = [_(word) for word in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(words), _("Usage: "))
        formatter.write("\n")
        formatter.write("".join(f"  $ {line}\n" for line in self.examples))
        self.format_help_text(ctx, formatter)
        self.format_options(ctx, formatter)
        self.format_epilog(ctx, formatter)

    def _localize(self, ctx: click.Context) -> None:
        """Put what its help says into the language that is spoken."""
        self.help = "\n\n".join(map(_, (self.help or "").split("\n\n")))
        self.epilog = _(self.epilog or "")
        for each in self.get_params(ctx):
            if isinstance(each, click.Option):
                each.help = _(each.help or "")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options; on a narrow terminal each above what it does."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        records = [each.get_help_record(ctx) for each in options]
        with formatter.section(_("Options")):
            widest = 30 if formatter.width > self.narrow else 4
            formatter.write_dl([each for each in records if each], col_max=widest)


class Command(Helped):
    """A command that takes an arrow for an argument, and shows its example.

    One that `writes_over` may write to the file that it reads, to lay it out anew.
    """

    def __init__(
        self,
        *args: Any,
        example: str | Callable[[], str],
        writes_over: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.params.append(language_option())
        self.context_settings = HELP
        self._example = example
        self._writes_over = writes_over

    @property
    def example(self) -> str:
        """The command line that its help begins with."""
        return self._example if isinstance(self._example, str) else self._example()

    @property
    def examples(self) -> Sequence[str]:
        """That line, made when help is asked for."""
        return [self.example]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; '->' begins with a dash and is no option."""
        if ctx.resilient_parsing and args and self._takes_value(args[-1]):
            args = [*args, ""]  # completion: what the last option is given is still being typed
        args = _joined(args)
        marked = [f"\0{word}" if word.startswith("->") else self._named(word) for word in args]
        rest = super().parse_args(ctx, marked)
        for name, value in ctx.params.items():
            if isinstance(value, tuple):
                ctx.params[name] = tuple(word.removeprefix("\0") for word in value)
        return rest

    def make_parser(self, ctx: click.Context) -> Any:
        """Return what reads the words, and refuses an option that takes one value and has two."""
        parser = super().make_parser(ctx)
        read = parser.parse_args

        def parse_args(args: list[str]) -> Any:
            found = read(args)
            if not ctx.resilient_parsing:
                _refuse_twice(found[2])
            return found

        parser.parse_args = parse_args  # type: ignore[method-assign] # it is made for this context
        return parser

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it reads is no file to write to, but for who may write over it."""
        if (file := ctx.params.get("output")) and not self._writes_over:
            from cnncalc.cli.files import refuse_what_is_read

            arguments = [each for each in self.params if isinstance(each, click.Argument)]
            values = [ctx.params.get(each.name or "") for each in arguments]
            several = [each if isinstance(each, tuple) else (each,) for each in values]
            refuse_what_is_read(file, [each for one in several for each in one if each])
        try:
            return super().invoke(ctx)
        except MemoryError:
            if ctx.obj:
                ctx.obj.clear()  # Python falls where click closes its contexts without any memory
            raise

    def _named(self, word: str) -> str:
        """Return a word, an option by our name for it where it has one of other tools'."""
        name, equals, value = word.partition("=")
        ours = OTHER_NAMES.get(name.replace("_", "-"))
        if ours is None:
            return word
        own = [each for parameter in self.params for each in parameter.opts]
        return f"{ours}{equals}{value}" if ours in own and name not in own else word

    def _takes_value(self, word: str) -> bool:
        """Return whether a word is an option that something follows."""
        options = (each for each in self.params if isinstance(each, click.Option))
        return any(word in each.opts and not each.is_flag for each in options)


class UnknownCommand(click.UsageError):
    """A command that there is none of, with the name that was probably meant."""

    def __init__(
        self, word: str, close: str | None, ctx: click.Context, lines: Sequence[list[str]] = ()
    ) -> None:
        super().__init__(word, ctx)
        self.lines = lines
        self.word = word
        self.close = close


class Misplaced(click.UsageError):
    """A word that cannot stand where it does, with command lines that may be meant."""

    def __init__(self, message: str, word: str, lines: Sequence[Sequence[str]] = ()) -> None:
        super().__init__(message, click.get_current_context(silent=True))
        self.word = word
        self.lines = lines


def _refuse_twice(parameters: Sequence[click.Parameter]) -> None:
    """Refuse an option that takes one value and is given two: the first would mean nothing."""
    options = [each for each in parameters if isinstance(each, click.Option)]
    single = [each.opts[0] for each in options if not (each.multiple or each.is_flag)]
    if twice := next((name for name in single if single.count(name) > 1), None):
        raise click.UsageError(_("{option} takes one value, and two are given", option=twice))


def _joined(words: Sequence[str]) -> list[str]:
    """Return words, with the quantities that `--explain` names joined to it, if any follow."""
    if "--explain" not in words:
        return list(words)
    found: list[str] = []
    for word in words:
        if found[-1:] == ["--explain="] and _is_explained(word, found[:-1]):
            found[-1] += word
        else:
            found.append("--explain=" if word == "--explain" else word)
    return found


def _is_explained(word: str, before: Sequence[str]) -> bool:
    """Return whether a word behind `--explain` is a quantity, or a wrong one, and no network."""
    from cnncalc.notation import library
    from cnncalc.report.steps import EXPLAINED

    if word.split(",", maxsplit=1)[0] in EXPLAINED:
        return True
    has_network = any(not each.startswith("-") or each.startswith("->") for each in before)
    return bool(has_network and re.fullmatch("[a-z][a-z_,-]*", word) and not library.model(word))


def leave(status: int) -> None:
    """End a command with a status that is an answer: 1 where a claim is not right."""
    if status:
        flush()
        click.get_current_context().exit(status)
