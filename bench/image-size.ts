import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runCommand } from './run-command.ts';

export interface ImageSize {
  /** Unpacked, as it lies on the instance's disk; what is pulled is compressed. */
  readonly gigabytes: number;
  readonly layers: readonly { readonly created_by: string; readonly megabytes: number }[];
}

const script = 'container/prove-image.sh';
const storage = process.env.WORK ?? '/var/tmp/spot-diffusion-image';

/**
 * The size of the worker's image: of one that `container/prove-image.sh` left here (`KEEP=1`), else of one that it builds
 * now and removes again.
 */
export async function benchImageSize(): Promise<ImageSize> {
  const isThere = hasImage();
  if (!isThere) {
    process.stderr.write(
      `No image in ${storage}: ${script} builds one (root, buildah, debootstrap, 20 GB, minutes).\n`,
    );
  }
  const { lastLine } = await runCommand(script, isThere ? ['size'] : []);
  return JSON.parse(lastLine);
}

function hasImage(): boolean {
  if (!existsSync(`${storage}/storage`)) return false;
  return spawnSync(join(root, script), ['size'], { stdio: 'ignore' }).status === 0;
}
