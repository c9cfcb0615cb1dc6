type Bench = (args: readonly string[]) => Promise<unknown>;

/** Loaded on demand: CDK alone takes seconds. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  drills: async () => (await import('./drills.ts')).benchDrills,
  'idle-cost': async () => (await import('./idle-cost.ts')).benchIdleCost,
  'image-size': async () => (await import('./image-size.ts')).benchImageSize,
  learn: async () => (await import('./learn.ts')).benchLearn,
  local: async () => (await import('./local.ts')).benchLocal,
  mutation: async () => (await import('./mutation.ts')).benchMutation,
  pick: async () => (await import('./pick.ts')).benchPick,
  'pick-speed': async () => (await import('./pick-speed.ts')).benchPickSpeed,
  replay: async () => (await import('./replay.ts')).benchReplay,
  scale: async () => (await import('./scale.ts')).benchScale,
  thumbnails: async () => (await import('./thumbnails.ts')).benchThumbnails,
  tiny: async () => (await import('./tiny.ts')).benchTiny,
  worker: async () => (await import('./worker.ts')).benchWorker,
};

async function print(bench: Bench, args: readonly string[]): Promise<void> {
  const figures = await bench(args.filter((arg) => arg !== '--json'));
  process.stdout.write(`${JSON.stringify(figures, null, args.includes('--json') ? 0 : 2)}\n`);
}

/** `all` and `--record` write docs/figures and docs/performance.md, `document` writes the latter from the former. */
async function main([name = '', ...args]: readonly string[]): Promise<void> {
  const bench = benches[name];
  if (name === 'all') return (await import('./report/record-all.ts')).recordAndTell(args);
  if (name === 'document') return (await import('./report/document.ts')).writeDocument();
  if (bench && args.includes('--record')) {
    const rest = args.filter((arg) => arg !== '--record' && arg !== '--json');
    return (await import('./report/record-all.ts')).recordAndTell(['--only', name, ...rest]);
  }
  if (bench) return print(await bench(), args);
  const known = ['all', 'document', ...Object.keys(benches)].join(', ');
  process.stderr.write(`Expected a bench, got \`${name}\`. Known: ${known}.\n`);
  process.exitCode = 2;
}

await main(process.argv.slice(2));
