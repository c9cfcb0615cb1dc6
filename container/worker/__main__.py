"""Entry: `python -m worker`, with its settings in the environment (see settings.py)."""

import faulthandler
import os
import signal
import sys

from worker.errors import InvalidJob
from worker.log import Log
from worker.run_attempt import run_attempt
from worker.settings import read_settings
from worker.stop import Stop

# What the libraries read when they are imported: never ask a hub, never chat on stderr. PASSIVE:
# by default OpenMP's threads spin while they wait for each other, and on cores that they share with
# other processes they wait most of the time.
LIBRARY_SETTINGS = {
    "OMP_WAIT_POLICY": "PASSIVE",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "DIFFUSERS_VERBOSITY": "error",
}


def main() -> int:
    # A crash in native code (a driver's, a kernel's) has no exception: without it, no word at all.
    faulthandler.enable()
    stop = Stop()
    # SIGINT too: Ctrl-C on a laptop reaches the worker along with the command that started it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.cancel())
    os.environ.update(LIBRARY_SETTINGS)
    try:
        settings = read_settings(os.environ)
    except InvalidJob as error:
        Log().error(str(error), phase="start", error=error.name)
        return error.exit_code
    return run_attempt(settings, stop)


if __name__ == "__main__":
    exit_code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is uploaded and recorded: taking torch and diffusers apart would only cost seconds
    # of an instance that is paid for.
    os._exit(exit_code)
