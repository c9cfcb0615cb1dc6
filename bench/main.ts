import { benchImageSize } from './image-size.ts';
import { benchLocal } from './local.ts';
import { benchTiny } from './tiny.ts';
import { benchWorker } from './worker.ts';

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<unknown>>> = {
  drills: async (args) => (await import('./drills.ts')).benchDrills(args),
  // Loaded on demand: CDK takes seconds.
  'idle-cost': async (args) => (await import('./idle-cost.ts')).benchIdleCost(args),
  'image-size': () => benchImageSize(),
  learn: async (args) => (await import('./learn.ts')).benchLearn(args),
  local: () => benchLocal(),
  pick: async (args) => (await import('./pick.ts')).benchPick(args),
  'pick-speed': async () => (await import('./pick-speed.ts')).benchPickSpeed(),
  replay: async (args) => (await import('./replay.ts')).benchReplay(args),
  scale: async (args) => (await import('./scale.ts')).benchScale(args),
  thumbnails: async (args) => (await import('./thumbnails.ts')).benchThumbnails(args),
  tiny: benchTiny,
  worker: benchWorker,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench) {
  const figures = await bench(args.filter((arg) => arg !== '--json'));
  process.stdout.write(`${args.includes('--json') ? JSON.stringify(figures) : JSON.stringify(figures, null, 2)}\n`);
} else {
  process.stderr.write(`Expected a bench, got \`${name}\`. Known: ${Object.keys(benches).join(', ')}.\n`);
  process.exitCode = 2;
}
