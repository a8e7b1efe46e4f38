"""The interpreter of Python's own language, put together of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.attributes import Attributes
from cnncalc.importing.python.builtins import Builtins
from cnncalc.importing.python.calls import Calls
from cnncalc.importing.python.definitions import DefinitionReading
from cnncalc.importing.python.expressions import Expressions
from cnncalc.importing.python.imports import Imports
from cnncalc.importing.python.interface import Interface
from cnncalc.importing.python.known import Known
from cnncalc.importing.python.machine import Machine
from cnncalc.importing.python.matching import Matching
from cnncalc.importing.python.methods import Methods
from cnncalc.importing.python.operations import Operations
from cnncalc.importing.python.outside import Outside
from cnncalc.importing.python.records import Records
from cnncalc.importing.python.statements import Statements
from cnncalc.importing.python.type_checks import TypeChecks

if TYPE_CHECKING:
    from cnncalc.importing.python.files import Files


class Interpreter:
    """Python, as a source speaks it: each part is given those that it stands on."""

    def __init__(self, files: Files) -> None:
        above = self.above = Interface()
        machine = self.machine = Machine(files)
        self.known = Known(machine, above)
        self.attributes = Attributes(self.known)
        self.operations = Operations(self.attributes)
        self.type_checks = TypeChecks(self.known)
        self.builtins = Builtins(self.operations, self.type_checks)
        self.calls = Calls(self.builtins)
        self.methods = Methods(self.known, self.calls)
        self.records = Records(self.methods)
        self.outside = Outside(self.operations, self.records)
        self.expressions = Expressions(self.operations, self.calls)
        self.matching = Matching(self.type_checks, self.expressions)
        self.definitions = DefinitionReading(self.expressions)
        self.imports = Imports(machine, above)
        self.statements = Statements(self.imports, self.matching, self.definitions)
        above.evaluate = self.expressions.evaluate
        above.execute = self.statements.execute
        above.assign = self.statements.assign
        above.call = self.calls.call
        above.call_method = self.records.call_method
        above.call_outside = self.outside.call_outside
