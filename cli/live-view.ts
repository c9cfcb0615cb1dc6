import { createLogUpdate } from 'log-update';
import { createColors } from 'picocolors';
import type { Moment, StepView } from './moments.ts';
import { duration, planLines } from './tables.ts';

/** Where the view is written: stderr when stdout belongs to `--json`. */
export interface Screen {
  readonly stream: NodeJS.WriteStream;
  readonly color: boolean;
}

export interface LiveView {
  show(moment: Moment): void;
  progress(done: number, total: number): void;
  note(line: string): void;
  close(): void;
}

const cells = 30;
const bar = (share: number) => '█'.repeat(Math.round(share * cells)).padEnd(cells, '░');

/** States that say little: their answer is in the next state. */
const quiet = new Set([
  'Plan only?',
  'Anything missing?',
  'Try another pool?',
  'More thumbnails?',
  'Everything delivered?',
  'Shard closed',
]);

function stepLine({ action, outcome, reason, pool, seconds, waitSeconds }: StepView): string {
  const end = outcome === 'Succeeded' ? `done in ${duration(seconds)}` : `${outcome}${reason ? `: ${reason}` : ''}`;
  const next: Readonly<Record<string, string>> = {
    sideways: '; trying another pool',
    up: '; trying a pool with more memory',
    wait: `; every pool refused, waiting ${duration(waitSeconds)}`,
    stop: '; giving up on this shard',
  };
  return `${pool}: ${end}${next[action] ?? ''}`;
}

/** Lines of the workflow, and below them a bar for the images. Without a terminal: plain lines, and a line per tenth. */
export function makeLiveView(screen: Screen): LiveView {
  const { stream, color } = screen;
  const colors = createColors(color);
  const isLive = stream.isTTY === true;
  const update = isLive ? createLogUpdate(stream) : undefined;
  let footer = '';
  let lastShown = -1;
  const started = performance.now();

  const print = (line: string) => {
    update?.clear();
    stream.write(`${line}\n`);
    if (footer) update?.(footer);
  };

  const progress = (done: number, total: number) => {
    const seconds = (performance.now() - started) / 1000;
    const text = `${bar(done / total)} ${done}/${total} images, ${duration(seconds)}`;
    if (update) {
      footer = text;
      update(footer);
    } else if (done !== lastShown && (done === total || done - lastShown >= total / 10)) {
      lastShown = done;
      stream.write(`${text}\n`);
    }
  };

  const show = (moment: Moment) => {
    const label = 'shard' in moment && moment.shard !== undefined ? colors.dim(`shard ${moment.shard}  `) : '';
    switch (moment.kind) {
      case 'entered':
        if (!quiet.has(moment.state)) print(`${colors.cyan('>')} ${label}${moment.state}`);
        break;
      case 'planned':
        for (const line of planLines(moment.plan, color)) print(`  ${line}`);
        break;
      case 'picked':
        print(`  ${label}attempt ${moment.attempt} in ${colors.bold(moment.pick.pool)}`);
        break;
      case 'settled':
        print(`  ${label}${stepLine(moment.step)}`);
        break;
      case 'ended':
        break;
      default:
        moment satisfies never;
    }
  };

  return {
    show,
    progress,
    note: (line) => print(colors.dim(`  ${line}`)),
    close: () => {
      footer = '';
      update?.done();
    },
  };
}
