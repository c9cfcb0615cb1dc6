import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { bundling } from '../../functions/bundling.ts';
import { median } from '../../functions/core/median.ts';
import { root } from '../run-command.ts';
import { bareClients } from './bare-clients.ts';

export interface ColdImport {
  readonly kib: number;
  /** Median, each in a process of its own. */
  readonly milliseconds: number;
}

const runs = 15;

const options = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  platform: 'node',
  format: 'esm',
  minify: bundling.minify,
  target: bundling.target,
  mainFields: [...bundling.mainFields],
  external: [...bundling.external],
  banner: { js: bundling.banner },
  logLevel: 'silent',
} satisfies BuildOptions;

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
function importOnce(file: string): number {
  const url = JSON.stringify(pathToFileURL(file).href);
  const script =
    `const before = performance.now(); await import(${url});` +
    'process.stdout.write(String(performance.now() - before), () => process.exit(0));';
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...environment },
  });
  if (status !== 0) throw new Error(`Expected \`${file}\` to be imported, got: ${stderr.slice(0, 500)}`);
  return Number(stdout);
}

async function figures(file: string, milliseconds: readonly number[]): Promise<ColdImport> {
  return { kib: Math.round((await stat(file)).size / 1024), milliseconds: Number(median(milliseconds).toFixed(1)) };
}

/** The bundle of one Lambda beside a bundle of the bare SDK clients in it, imported in turns. */
export async function measureColdImport(entry: string) {
  const folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-import-'));
  try {
    const ours = join(folder, 'ours.mjs');
    const bare = join(folder, 'bare.mjs');
    const { metafile } = await build({ ...options, entryPoints: [entry], outfile: ours });
    const { clients, source } = bareClients(metafile);
    await build({ ...options, stdin: { contents: source, resolveDir: root }, outfile: bare });
    const times = Array.from({ length: runs }, () => ({ ours: importOnce(ours), bare: importOnce(bare) }));
    return {
      clients,
      ours: await figures(
        ours,
        times.map((time) => time.ours),
      ),
      bareClients: await figures(
        bare,
        times.map((time) => time.bare),
      ),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
