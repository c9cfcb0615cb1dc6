import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../infra/paths.ts';

const script = join(root, 'infra', 'prepare-instance.sh');
const byId = 'dev/disk/by-id/nvme-Amazon_EC2_NVMe_Instance_Storage_AWS0A';
let place: string;

/** Runs the script with `/etc`, `/dev` and `/scratch` below a folder, and commands that write down how they were called. */
function prepare({ mkfs = 0, mount = 0 } = {}): readonly string[] {
  for (const [name, code] of Object.entries({ 'mkfs.xfs': mkfs, mount })) {
    const stub = join(place, 'bin', name);
    writeFileSync(stub, `#!/bin/bash\necho "${name} $*" >> "${place}/calls"\nexit ${code}\n`);
    chmodSync(stub, 0o755);
  }
  const moved = readFileSync(script, 'utf8').replaceAll(
    /(?<=[ ])\/(etc|dev|scratch)(?=[/\s])(?!\/null)/g,
    `${place}/$1`,
  );
  writeFileSync(join(place, 'calls'), '');
  execFileSync('bash', ['-e', '-c', moved], {
    stdio: 'pipe',
    env: { PATH: `${join(place, 'bin')}:${process.env.PATH}` },
  });
  return readFileSync(join(place, 'calls'), 'utf8').replaceAll(place, '').split('\n').filter(Boolean);
}

const addDisk = (name: string) => writeFileSync(join(place, name), '');

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'spot-diffusion-instance-'));
  for (const folder of ['bin', 'etc/ecs', 'dev/disk/by-id']) mkdirSync(join(place, folder), { recursive: true });
});
afterEach(() => rmSync(place, { recursive: true }));

describe('the script that prepares an instance', () => {
  it('is bash, and plain ASCII as its part of the user data says', () => {
    execFileSync('bash', ['-n', script]);
    expect(readFileSync(script, 'utf8')).toMatch(/^#!\/bin\/bash\n[\n -~]+$/);
  });

  it('leaves the worker 110 s of the two minutes that a Spot notice gives', () => {
    prepare();
    expect(readFileSync(join(place, 'etc/ecs/ecs.config'), 'utf8').split('\n')).toContain(
      'ECS_CONTAINER_STOP_TIMEOUT=110s',
    );
  });

  it('uses the root volume where there is no NVMe', () => {
    expect(prepare()).toEqual([]);
    expect(
      execFileSync('stat', ['-c', '%a', join(place, 'scratch')])
        .toString()
        .trim(),
    ).toBe('1777');
  });

  it('formats and mounts the first NVMe, not one of its partitions', () => {
    addDisk(`${byId}-part1`);
    addDisk(`${byId.replace('0A', '0B')}`);
    addDisk(byId);
    expect(prepare()).toEqual([`mkfs.xfs -f -q /${byId}`, `mount -o noatime /${byId} /scratch`]);
  });

  it.each([{ mkfs: 1 }, { mount: 32 }])('ends well when a disk fails: %o', (codes) => {
    addDisk(byId);
    expect(prepare(codes)[0]).toBe(`mkfs.xfs -f -q /${byId}`);
  });
});
