/**
 * One invocation of a function's bundle in a process of its own, which is what its memory is measured on: the local mode
 * runs functions as threads of one process. Arguments: the bundle, the event.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [bundle = '', event = '{}'] = process.argv.slice(2);
const { handler }: { handler: (event: unknown, context: unknown) => Promise<unknown> } = await import(
  pathToFileURL(bundle).href
);
const started = performance.now();
await handler(JSON.parse(event), { awsRequestId: 'alone', functionName: 'alone', getRemainingTimeInMillis: () => 1e6 });
const seconds = (performance.now() - started) / 1000;

/** Of this program alone: `maxRSS` also knows what the process was before its exec, a copy of the bench. */
function readPeakKiB(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

process.stdout.write(`${JSON.stringify({ seconds, peakMemoryMiB: readPeakKiB() / 1024 })}\n`);
