/**
 * One invocation of a function's bundle in a process of its own, which is what its memory is measured on: the local mode
 * runs functions as threads of one process. Arguments: the bundle, the event.
 */
import { pathToFileURL } from 'node:url';
import { readPeakMiB } from '../peak-memory.ts';

const [bundle = '', event = '{}'] = process.argv.slice(2);
const { handler }: { handler: (event: unknown, context: unknown) => Promise<unknown> } = await import(
  pathToFileURL(bundle).href
);
await handler(JSON.parse(event), { awsRequestId: 'alone', functionName: 'alone', getRemainingTimeInMillis: () => 1e6 });

process.stdout.write(`${JSON.stringify({ peakMemoryMiB: readPeakMiB() })}\n`);
