import { readFileSync } from 'node:fs';

/** Of this program alone, resident: `maxRSS` also knows what the process was before its exec, a copy of who started it. */
export function readPeakMiB(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
}
