import { existsSync } from 'node:fs';
import { hasImage } from '../image-size.ts';
import { whyNoReport } from '../mutation.ts';
import type { Figures } from './records.ts';

export const dataFlags = ['prices', 'ondemand', 'availability'] as const;
export type DataFlag = (typeof dataFlags)[number];

/** A run of a bench whose figures docs/performance.md shows. */
export interface Measurement {
  readonly name: keyof Figures;
  readonly bench: string;
  readonly args?: readonly string[];
  /** Recorded data that it takes: not part of the project. */
  readonly data?: readonly DataFlag[];
  /** Takes so long that it must be asked for. */
  readonly isLarge?: true;
  /** What this machine lacks, in words. */
  readonly lacks?: () => string | undefined;
}

const words = (text: string) => text.split(' ');
const lacksImage = () => (hasImage() ? undefined : 'no image here: `KEEP=1 container/prove-image.sh` leaves one');
const lacksGpu = () => (existsSync('/dev/nvidia0') ? undefined : 'no NVIDIA GPU here');
const job = '--changeover-minutes 6 --starts 200 --seed 3 --foresight';
const onCpu = '--model tiny --device cpu --rounds 7';
const onGpu = '--random-weights --device cuda';

/** In the order of the document. */
export const measurements: readonly Measurement[] = [
  { name: 'local', bench: 'local' },
  { name: 'tiny', bench: 'tiny' },
  { name: 'image-size', bench: 'image-size', lacks: lacksImage },
  { name: 'idle-cost', bench: 'idle-cost' },
  { name: 'pick', bench: 'pick', data: ['prices', 'ondemand'] },
  { name: 'replay-6h', bench: 'replay', args: words(`--hours 6 --deadline 9 ${job}`), data: ['availability'] },
  { name: 'replay-48h', bench: 'replay', args: words(`--hours 48 --deadline 60 ${job}`), data: ['availability'] },
  { name: 'learn', bench: 'learn' },
  { name: 'learn-20000', bench: 'learn', args: words('--images 20000') },
  { name: 'pick-speed', bench: 'pick-speed' },
  { name: 'mutation', bench: 'mutation', lacks: whyNoReport },
  { name: 'worker-4', bench: 'worker', args: words(onCpu) },
  { name: 'worker-16', bench: 'worker', args: words(`${onCpu} --compute-batch 16`) },
  { name: 'drills', bench: 'drills', args: words('--seed 1 --faults 200 --images 300') },
  { name: 'drills-2', bench: 'drills', args: words('--seed 2 --faults 200 --images 300'), isLarge: true },
  { name: 'thumbnails', bench: 'thumbnails' },
  { name: 'scale', bench: 'scale', args: words('--prompts 100000 --fair') },
  { name: 'scale-plan', bench: 'scale', args: words('--prompts 1000000 --plan') },
  { name: 'scale-large', bench: 'scale', args: words('--prompts 300000 --others 0'), isLarge: true },
  { name: 'worker-sd-1.5', bench: 'worker', args: words(`--model sd-1.5 ${onGpu}`), lacks: lacksGpu },
  { name: 'worker-sdxl', bench: 'worker', args: words(`--model sdxl ${onGpu}`), lacks: lacksGpu },
  { name: 'worker-flux-schnell', bench: 'worker', args: words(`--model flux-schnell ${onGpu}`), lacks: lacksGpu },
];

/** @param only names of measurements or of benches; one that is named itself runs though it is large */
export function choose(only: string | undefined, isLarge: boolean): readonly Measurement[] {
  const isAsked = (measurement: Measurement) => isLarge || !measurement.isLarge;
  if (only === undefined) return measurements.filter(isAsked);
  const wanted = only.split(',');
  const known = new Set(measurements.flatMap(({ name, bench }) => [name, bench]));
  const unknown = wanted.filter((name) => !known.has(name));
  if (unknown.length) {
    throw new TypeError(
      `Expected measurements or benches, got \`${unknown.join(', ')}\`. Known: ${[...known].join(', ')}.`,
    );
  }
  return measurements.filter(
    (measurement) => wanted.includes(measurement.name) || (wanted.includes(measurement.bench) && isAsked(measurement)),
  );
}
