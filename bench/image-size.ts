import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readFlags } from './flags.ts';
import { runCommand } from './run-command.ts';

export interface ImageSize {
  /** Unpacked, as it lies on the instance's disk; what is pulled is compressed. */
  readonly gigabytes: number;
  readonly layers: readonly { readonly created_by: string; readonly megabytes: number }[];
}

const script = 'container/prove-image.sh';
const storage = join(process.env.WORK ?? '/var/tmp', 'spot-diffusion-image', 'storage');

/** Whether `container/prove-image.sh` left an image here (`KEEP=1`). */
export const hasImage = () => existsSync(storage);

/** The size of the worker's image: of the one that lies here, else of one that is built now and removed again. */
export async function benchImageSize(args: readonly string[]): Promise<ImageSize> {
  readFlags(args, []);
  if (!hasImage()) {
    const needs = 'root, buildah, debootstrap, 20 GB, minutes';
    process.stderr.write(`No image in ${storage}: ${script} builds one (${needs}).\n`);
  }
  const { lastLine } = await runCommand(script, hasImage() ? ['size'] : []);
  return JSON.parse(lastLine);
}
