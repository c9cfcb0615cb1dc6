"""Keeps an execution that was stopped ABORTED.

StopExecution sets moto's program state to ProgramStopped; a `.sync` task that is cut off by it then
returns nothing, the next expression fails, and `set_error` overwrites the state: the execution ends
FAILED with States.Runtime. On AWS nothing that comes after StopExecution changes its end.
"""

from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped


def keep_aborts() -> None:
    set_error = Environment.set_error

    def set_error_unless_stopped(self, error) -> None:
        is_whole_execution = not self.is_frame()
        if is_whole_execution and isinstance(self.program_state(), ProgramStopped):
            return
        set_error(self, error)

    Environment.set_error = set_error_unless_stopped
