"""How bash, zsh and fish are told what goes on from a word.

No space is put behind what goes on itself: a folder, a claim's sign, the place before a quantity.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from click.shell_completion import BashComplete, FishComplete, ZshComplete, split_arg_string

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_END = "\x1f"  # behind the word that is being typed, even an empty one

_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' response completion value
    response=$(env COMP_WORDS="${COMP_LINE:0:COMP_POINT}" %(complete_var)s=bash_complete $1)
    COMPREPLY=()
    for completion in $response; do
        value=${completion#*,}
        COMPREPLY+=("$value")
        [[ $value == *[=/.] ]] && compopt -o nospace
    done
    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_ZSH_ADD = """\
    if [ -n "$completions" ]; then
        compadd -U -V unsorted -a completions
    fi
"""

_ZSH_ADD_BOTH = """\
    local -a going ended
    going=(${(M)completions:#*[=/.]})
    ended=(${completions:#*[=/.]})
    (( $#going )) && compadd -U -S '' -V unsorted -a going
    (( $#ended )) && compadd -U -V unsorted -a ended
"""


class Bash(BashComplete):
    """Bash, which parts words at = and takes what it is given as it is typed."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is being typed, and that."""
        _program, *words = split_arg_string(os.environ["COMP_WORDS"] + _END)
        *before, last = words or [_END]
        return before, last.removesuffix(_END)

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a type and a value, whose signs that mean something to a shell are escaped."""
        value = re.sub(r"([^-A-Za-z0-9_@%+=:,./~])", r"\\\1", item.value)
        return f"{item.type},{value}"


class Zsh(ZshComplete):
    """Zsh, with or without a space behind what it is given."""

    source_template = ZshComplete.source_template.replace(_ZSH_ADD, _ZSH_ADD_BOTH)


class Fish(FishComplete):
    """Fish, which is given words that may hold commas."""

    source_template = FishComplete.source_template.replace('split ","', 'split -m 1 ","')


SHELLS = {"bash": Bash, "zsh": Zsh, "fish": Fish}
"""The shells that are told so, by the names that they ask under."""
