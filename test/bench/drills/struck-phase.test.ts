import { expect, it } from 'vitest';
import { lastPhase, struckPhase } from '../../../bench/drills/struck-phase.ts';

const line = (message: string, phase?: string) => `${JSON.stringify({ message, phase })}\n`.replaceAll('":', '": ');
const begun = line('4 of 4 images are missing', 'start');
const loaded = begun + line('Loaded tiny', 'load');
const host = 'Host EC2 (instance i-0abc) terminated.';

it.each([
  ['before the container', { statusReason: host }, ''],
  ['begin', { statusReason: host, startedAt: 1 }, ''],
  ['import, load', { startedAt: 1, container: { exitCode: 137 } }, begun],
  ['render', { startedAt: 1, container: { exitCode: 137 } }, loaded],
  ['upload', { startedAt: 1, container: { exitCode: 137 } }, loaded + line('Image uploaded', 'upload')],
  [
    'import, load',
    { startedAt: 1, container: { exitCode: 80 } },
    begun + line('Spot interruption notice') + line('no time left', 'end'),
  ],
  ['end', { startedAt: 1, container: { exitCode: 137 } }, loaded + line('Everything exists', 'end')],
  [undefined, { startedAt: 1, container: { exitCode: 0 } }, loaded],
  [undefined, { statusReason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY' }, ''],
])('finds a worker struck at %s', (phase, job, log) => {
  expect(struckPhase(job, log)).toBe(phase);
});

it.each([
  ['begin', {}],
  ['import, load', { importSeconds: 0.1 }],
  ['import, load', { loadSeconds: 0.1 }],
  ['import, load', { importSeconds: 3, loadSeconds: 0.2 }],
  ['render', { importSeconds: 3, loadSeconds: 0.2, renderSeconds: 2 }],
  ['upload', { importSeconds: 3, loadSeconds: 0.2, renderSeconds: 2, uploadSeconds: 0.1 }],
])('reads from a record that its worker came to %s', (phase, over) => {
  const none = { importSeconds: 0, loadSeconds: 0, renderSeconds: 0, uploadSeconds: 0 };
  expect(lastPhase({ phases: { ...none, ...over } })).toBe(phase);
});
