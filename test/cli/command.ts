import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export const root = join(import.meta.dirname, '..', '..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Command {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  /** Waits for a text on stdout or stderr. */
  says(text: string | RegExp): Promise<string>;
}

/** The object of `--json`. */
export const resultSchema = z.object({
  jobId: z.string(),
  status: z.string(),
  images: z.array(
    z.object({
      file: z.string(),
      prompt: z.string(),
      seed: z.number(),
      width: z.number(),
      height: z.number(),
      recipeHash: z.string().regex(/^[0-9a-f]{64}$/),
      reused: z.boolean(),
    }),
  ),
  attempts: z.array(z.object({ pool: z.string(), outcome: z.string(), seconds: z.number() })),
  receipt: z.record(z.string(), z.unknown()),
  outDir: z.string().nullable(),
  plan: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ name: z.string(), cause: z.string() }).optional(),
});

export const toResult = (ended: Ended) => {
  expectOneLine(ended.stdout);
  return resultSchema.parse(JSON.parse(ended.stdout));
};

function expectOneLine(stdout: string): void {
  if (stdout.trimEnd().split('\n').length !== 1) throw new Error(`Expected one line on stdout, got:\n${stdout}`);
}

/** A folder of its own for the bucket, the weights and the pictures. */
export async function makePlace(): Promise<{ flags: readonly string[]; folder: string; clean: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-cli-'));
  const flags = ['--state', join(folder, 'state'), '--out', join(folder, 'out')];
  return { flags, folder, clean: () => rm(folder, { recursive: true, force: true }) };
}

interface CommandOptions {
  /** Variables beside those of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** A process group of its own, as a terminal gives it: Ctrl-C goes to all of it. */
  readonly group?: boolean;
}

/** `node cli/main.ts …`: what `npm start` runs after the set-up. */
export function command(args: readonly string[], { env = {}, group = false }: CommandOptions = {}): Command {
  const options = { cwd: root, env: { ...process.env, ...env }, detached: group };
  const child = spawn(process.execPath, [join(root, 'cli', 'main.ts'), ...args], options);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  const says = async (text: string | RegExp): Promise<string> => {
    for (;;) {
      const all = stdout + stderr;
      if (typeof text === 'string' ? all.includes(text) : text.test(all)) return all;
      if (child.exitCode !== null) throw new Error(`Ended with ${child.exitCode} without saying ${text}:\n${all}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return { child, ended, says };
}

/** Ctrl-C in the terminal of a command that has a group of its own. */
export const pressCtrlC = ({ child }: Command) => process.kill(-(child.pid ?? 0), 'SIGINT');

export const run = (args: readonly string[], options?: CommandOptions): Promise<Ended> => command(args, options).ended;
