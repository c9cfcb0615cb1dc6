import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { root } from '../paths.ts';

const source = join(import.meta.dirname, '..', 'sharp-layer');

/** npm installs a native package for another machine, too: no Docker, no emulator. Kept per version and architecture. */
function install(cpu: string): string {
  const { version } = JSON.parse(readFileSync(join(source, 'package-lock.json'), 'utf8')).packages[
    'node_modules/sharp'
  ];
  // No dots: CDK would take what follows the last for a file's ending.
  const folder = join(root, '.cache', `sharp-layer-${version.replaceAll('.', '-')}-${cpu}`);
  if (existsSync(folder)) return folder;
  const staged = `${folder}.${process.pid}`;
  const nodejs = join(staged, 'nodejs');
  mkdirSync(nodejs, { recursive: true });
  cpSync(source, nodejs, { recursive: true });
  const target = ['--os=linux', `--cpu=${cpu}`, '--libc=glibc'];
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...target], { cwd: nodejs, stdio: 'pipe' });
  rmSync(folder, { recursive: true, force: true });
  renameSync(staged, folder);
  return folder;
}

export function makeSharpLayer(scope: Construct, id: string, architecture: Architecture): LayerVersion {
  const cpu = architecture === Architecture.ARM_64 ? 'arm64' : 'x64';
  // Where nothing is bundled (tests, `cdk destroy`), nothing is installed either.
  const folder = Stack.of(scope).bundlingRequired ? install(cpu) : source;
  return new LayerVersion(scope, id, {
    code: Code.fromAsset(folder),
    compatibleArchitectures: [architecture],
    description: `sharp for Linux on ${cpu}`,
  });
}
