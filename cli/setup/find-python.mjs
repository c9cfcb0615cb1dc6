import { spawnSync } from 'node:child_process';

const candidates = ['python3.13', 'python3.12', 'python3.11', 'python3', 'python3.14', 'python'];
const probe = 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)';

export const wantedPython = 'Python 3.11 or newer with its `venv` module';
export const howToGetPython = 'install it (Debian and Ubuntu: `apt-get install python3 python3-venv`)';

/** The name of one that an environment can be made with; undefined: there is none. */
export const findPython = () =>
  candidates.find((name) => spawnSync(name, ['-c', probe], { stdio: 'ignore' }).status === 0);
