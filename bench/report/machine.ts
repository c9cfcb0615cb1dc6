import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { python } from '../run-command.ts';

/** Where figures were measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly versions: Readonly<Record<string, string>>;
}

const versionsOfPython = `
import json, platform
from importlib.metadata import version
print(json.dumps({"Python": platform.python_version(), **{name: version(name) for name in ("torch", "diffusers")}}))`;

export function readMachine(): Machine {
  const { stdout } = spawnSync(python, ['-c', versionsOfPython], { encoding: 'utf8' });
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    versions: { Node: process.versions.node, ...JSON.parse(stdout) },
  };
}

export function describeMachine({ cpu, cores, versions }: Machine): string {
  const installed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [`${cores} cores (${cpu})`, ...installed].join(', ');
}
