/**
 * `npm run audit` (`-- npm` or `-- pypi` for one of them): asks the advisory services about what we ship. Needs the network, so
 * `npm test` does not run it. Ends with 0 when nothing is known against it, 1 for a finding (npm: high or critical; PyPI gives no
 * severity: any), 2 when a service did not answer: that is no clean bill.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Audit, readNpmAudit, readPipAudit } from './audit-verdict.ts';

const root = join(import.meta.dirname, '..', '..');
const pipAudit = 'pip-audit==2.10.1';
const exitCodes = { clean: 0, found: 1, unknown: 2 };
const words = { clean: 'nothing known', found: 'FINDINGS', unknown: 'NOT AUDITED' };

function run(command: string, args: readonly string[], folder = root): string {
  const { stdout, error } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return error ? JSON.stringify({ message: `${command} does not start: ${error.message}` }) : stdout;
}

interface Subject {
  readonly of: 'npm' | 'pypi';
  readonly what: string;
  readonly audit: () => Audit;
}

const npm = (folder: string): Subject => ({
  of: 'npm',
  what: join(folder, 'package-lock.json'),
  audit: () => readNpmAudit(run('npm', ['audit', '--omit=dev', '--json'], join(root, folder))),
});

const pypi = (file: string): Subject => ({
  of: 'pypi',
  what: file,
  audit: () => {
    const options = ['--disable-pip', '--progress-spinner', 'off', '--format', 'json'];
    return readPipAudit(run(join(root, '.venv', 'bin', 'uvx'), [pipAudit, '-r', join(root, file), ...options]));
  },
});

const subjects = [
  npm('.'),
  npm('infra/sharp-layer'),
  pypi('container/requirements.txt'),
  pypi('container/importer/requirements.txt'),
  pypi('local/requirements.txt'),
];

const [only] = process.argv.slice(2);
const verdicts = subjects
  .filter(({ of }) => !only || of === only)
  .map(({ what, audit }) => {
    const { verdict, lines } = audit();
    console.log([`${what}: ${words[verdict]}`, ...lines].join('\n  '));
    return verdict;
  });
const worst = (['found', 'unknown'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'clean';
if (verdicts.includes('unknown')) {
  console.log('Expected the advisory services to answer. To fix: run it where npm and PyPI can be reached.');
}
process.exitCode = exitCodes[worst];
