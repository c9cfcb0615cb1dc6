import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalOptions, Sources } from '../local/options.ts';
import { type Local, startLocal } from '../local/start.ts';

/** A local stack in a folder of its own, which goes with it. */
export interface OwnStack {
  readonly local: Local;
  readonly stateDir: string;
  close(): Promise<void>;
}

export async function startOwnStack(
  options: Omit<LocalOptions, 'port' | 'stateDir'>,
  sources: Partial<Sources>,
): Promise<OwnStack> {
  const stateDir = await mkdtemp(join(tmpdir(), 'spot-diffusion-bench-'));
  const remove = () => rm(stateDir, { recursive: true, force: true });
  try {
    const local = await startLocal({ ...options, port: 0, stateDir }, sources);
    const close = async () => {
      await local.stop();
      await remove();
    };
    return { local, stateDir, close };
  } catch (error) {
    await remove();
    throw error;
  }
}
