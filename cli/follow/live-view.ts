import { createLogUpdate } from 'log-update';
import { createColors } from 'picocolors';
import { duration } from '../../functions/core/duration.ts';
import { count } from '../words/amounts.ts';
import type { ShardState } from './job-progress.ts';
import type { Moment, StepView } from './moments.ts';
import { planLines } from './plan-lines.ts';
import { progressLines } from './progress-lines.ts';

/** Where the view is written: stderr when stdout belongs to `--json`. */
export interface Screen {
  readonly stream: NodeJS.WriteStream;
  readonly color: boolean;
}

export interface LiveView {
  show(moment: Moment): void;
  progress(done: number, total: number, shards?: readonly ShardState[]): void;
  note(line: string): void;
  close(): void;
}

/** States that say little: their answer is in the next state. */
const quiet = new Set([
  'Repeated delivery?',
  'Plan only?',
  'One execution?',
  'Any part left?',
  'Anybody to tell?',
  'Anything missing?',
  'Try another pool?',
  'More thumbnails?',
  'Everything delivered?',
  'Shard closed',
]);

function stepLine({ action, outcome, reason, pool, seconds, waitSeconds }: StepView): string {
  const end =
    outcome === 'Succeeded'
      ? `done in ${duration(seconds)}`
      : `${outcome}${reason ? `: ${reason.replace(/\.$/, '')}` : ''}`;
  const next: Readonly<Record<string, string>> = {
    sideways: '; trying another pool',
    up: '; trying a pool with more memory',
    wait: `; looking again in ${duration(waitSeconds)}`,
    stop: '; giving up on this shard',
  };
  return `${pool}: ${end}${next[action] ?? ''}`;
}

/** What is there is never rendered again: at first it was there before the job, later it is what a loss left. */
function foundLines({ images, missing }: Extract<Moment, { kind: 'found' }>): readonly string[] {
  return missing < images ? [`${images - missing} of ${count(images, 'image')} are there, ${missing} to render`] : [];
}

const ofPart = ({ part }: Extract<Moment, { kind: 'entered' }>) => (part === undefined ? '' : ` ${part}`);

/** What a moment says, below the name of its state. */
function momentLines(moment: Moment, screen: Screen): readonly string[] {
  const colors = createColors(screen.color);
  const label = 'shard' in moment && moment.shard !== undefined ? colors.dim(`shard ${moment.shard}  `) : '';
  switch (moment.kind) {
    case 'entered':
      return quiet.has(moment.state) ? [] : [`${colors.cyan('>')} ${label}${moment.state}${ofPart(moment)}`];
    case 'planned':
      return planLines(moment.plan, screen.color).map((line) => `  ${line}`);
    case 'found':
      return foundLines(moment).map((line) => `  ${label}${line}`);
    case 'picked':
      return [`  ${label}attempt ${moment.attempt} in ${colors.bold(moment.pick.pool)}`];
    case 'settled':
      return [`  ${label}${stepLine(moment.step)}`];
    case 'ended':
      return [];
    default:
      return moment satisfies never;
  }
}

/** Lines of the workflow, and below them a bar per shard and one for all. Without a terminal: plain lines, and bars per tenth. */
export function makeLiveView(screen: Screen): LiveView {
  const { stream } = screen;
  // A terminal without a height (some recorders) is shown plain lines: a frame of no rows is no output.
  const update = stream.isTTY === true && stream.rows > 0 ? createLogUpdate(stream) : undefined;
  const started = performance.now();
  let footer = '';
  let lastShown = -1;

  const print = (line: string) => {
    if (update) update.persist(line);
    else stream.write(`${line}\n`);
    if (footer) update?.(footer);
  };

  const progress: LiveView['progress'] = (done, total, shards = []) => {
    const seconds = (performance.now() - started) / 1000;
    const text = progressLines({ done, total, seconds }, shards).join('\n');
    if (update) {
      footer = text;
      update(footer);
    } else if (done !== lastShown && (done === total || done - lastShown >= total / 10)) {
      lastShown = done;
      stream.write(`${text}\n`);
    }
  };

  return {
    show: (moment) => {
      for (const line of momentLines(moment, screen)) print(line);
    },
    progress,
    note: (line) => print(createColors(screen.color).dim(`  ${line}`)),
    close: () => {
      footer = '';
      update?.clear();
      update?.done();
    },
  };
}
