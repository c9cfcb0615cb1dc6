import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { median } from '../../functions/core/median.ts';
import { bundleOptions } from '../../local/lambda/bundle.ts';
import { round } from '../numbers.ts';
import { root, runCommand } from '../run-command.ts';
import { bareClients } from './bare-clients.ts';

export interface ColdImport {
  readonly kib: number;
  /** Median, each in a process of its own. */
  readonly milliseconds: number;
}

export interface ColdImports {
  readonly clients: readonly string[];
  readonly ours: ColdImport;
  readonly bareClients: ColdImport;
}

const runs = 15;

/** What the wiring reads where it is imported; nothing is called. */
const environment = {
  AWS_REGION: 'us-east-1',
  BUCKET: 'bucket',
  TABLE: 'table',
  TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:topic',
  ZONES: 'use1-az1',
  INSTANCE_TYPES: 'g6.xlarge',
  DEFAULT_MODEL: 'tiny',
};

/** The import alone, in milliseconds, as the process tells it: the start of Node is the same for all. */
async function importOnce(file: string): Promise<number> {
  const url = JSON.stringify(pathToFileURL(file).href);
  const script =
    `const before = performance.now(); await import(${url});` +
    'process.stdout.write(String(performance.now() - before), () => process.exit(0));';
  const args = ['--input-type=module', '--eval', script];
  return Number((await runCommand(process.execPath, args, { PATH: process.env.PATH, ...environment })).lastLine);
}

async function figures(file: string, milliseconds: readonly number[]): Promise<ColdImport> {
  return { kib: Math.round((await stat(file)).size / 1024), milliseconds: round(median(milliseconds), 1) };
}

/** The bundle of one Lambda beside a bundle of the bare SDK clients in it, imported in turns. */
export async function measureColdImport(entry: string): Promise<ColdImports> {
  const folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-import-'));
  try {
    const ours = join(folder, 'ours.mjs');
    const bare = join(folder, 'bare.mjs');
    const { metafile } = await build({ ...bundleOptions, absWorkingDir: root, entryPoints: [entry], outfile: ours });
    const { clients, source } = bareClients(metafile);
    await build({
      ...bundleOptions,
      absWorkingDir: root,
      stdin: { contents: source, resolveDir: root },
      outfile: bare,
    });
    const times = { ours: [] as number[], bare: [] as number[] };
    for (let run = 0; run < runs; run++) {
      times.ours.push(await importOnce(ours));
      times.bare.push(await importOnce(bare));
    }
    return { clients, ours: await figures(ours, times.ours), bareClients: await figures(bare, times.bare) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
