import type { PageAttempt, PageData, PagePause, Phase, Span } from '../page-data.ts';
import { make, makeSpoken, makeText } from './dom.ts';
import { describePool, toDuration, toPlural } from './format.ts';
import { toTicks } from './scale.ts';

const phaseWords: Readonly<Record<Phase, string>> = {
  waiting: 'waiting for an instance',
  booting: 'booting',
  pulling: 'pulling the image',
  loading: 'loading the model',
  rendering: 'rendering',
  lost: 'lost',
};

interface Axis {
  readonly from: number;
  readonly length: number;
}

interface Row {
  readonly shard: number;
  readonly from: number;
  readonly element: HTMLElement;
}

const percent = (share: number) => `${(Math.max(0, Math.min(1, share)) * 100).toFixed(3)}%`;

function makeSpan({ phase, from, to, reckoned }: Span, axis: Axis): HTMLElement {
  const text = `${phaseWords[phase]} ${toDuration(to - from)}${reckoned ? ' (reckoned)' : ''}`;
  const span = make(
    'span',
    { class: `span ${phase}${reckoned ? ' reckoned' : ''}`, title: text },
    makeSpoken(`${text}, `),
  );
  span.style.left = percent((from - axis.from) / axis.length);
  span.style.width = percent((to - from) / axis.length);
  return span;
}

const makeBar = (spans: readonly Span[], axis: Axis) =>
  make('div', { class: 'line' }, ...spans.map((span) => makeSpan(span, axis)));

const makeReason = (label: string, text: string) =>
  make('p', { class: 'reason' }, make('strong', {}, label), ' ', makeText(text));

function makeAttempt(attempt: PageAttempt, axis: Axis): HTMLElement {
  const { shard, outcome, spans, wait, words } = attempt;
  const isLost = outcome !== 'Succeeded';
  const made = attempt.images === undefined ? '' : `, ${toPlural(attempt.images, 'image')}`;
  const name = make(
    'p',
    { class: 'name' },
    make('strong', {}, `Shard ${shard}, attempt ${attempt.attempt}`),
    ` ${describePool(attempt.pool)}: `,
    make('span', { class: isLost ? 'failed' : 'delivered' }, outcome),
    made,
  );
  const bar = spans.length ? makeBar(spans, axis) : make('p', { class: 'reason' }, 'AWS Batch told no times of it.');
  const reasons = [
    wait && makeReason('Waited:', wait),
    isLost && words && words !== wait ? makeReason('Ended:', words) : undefined,
    !isLost && words ? makeReason('Note:', words) : undefined,
  ];
  return make('li', {}, name, bar, ...reasons.map((reason) => reason || undefined));
}

function makePause({ shard, from, to, sentence }: PagePause, axis: Axis): HTMLElement {
  const name = make('p', { class: 'name' }, make('strong', {}, `Shard ${shard}`), ' waits');
  return make('li', {}, name, makeBar([{ phase: 'waiting', from, to }], axis), makeReason('Waited:', sentence));
}

function makeAxis({ length }: Axis): HTMLElement {
  const ticks = toTicks(length, window.innerWidth < 600 ? 4 : 8).filter(({ at }) => at < 0.95 * length);
  const marks = ticks.map(({ at, text }) => {
    const mark = make('span', {}, text);
    mark.style.left = percent(at / length);
    return mark;
  });
  return make('div', { class: 'axis', 'aria-hidden': 'true' }, ...marks);
}

/** Milliseconds: what is shorter can't be seen, and is `0 s` in words. */
const shortest = 50;

function makeLegend(spans: readonly Span[]): HTMLElement {
  const sum = (phase: Phase) =>
    spans.filter((span) => span.phase === phase).reduce((all, { from, to }) => all + to - from, 0);
  const phases = (Object.keys(phaseWords) as Phase[]).filter((phase) => sum(phase) >= shortest);
  const items = phases.map((phase) =>
    make('li', {}, make('span', { class: `key ${phase}` }), `${phaseWords[phase]}, ${toDuration(sum(phase))} in all`),
  );
  return make('ul', { class: 'legend' }, ...items);
}

/** What each attempt did when, and why it waited. */
export function makeTimelineView({ attempts, pauses, startedAt, closedAt }: PageData): HTMLElement {
  if (!attempts.length && !pauses.length) {
    return make('p', {}, 'Nothing ran: every image was there already, or the job ended before its first attempt.');
  }
  const spans = attempts.flatMap((attempt) => attempt.spans);
  const from = Math.min(Date.parse(startedAt), ...spans.map((span) => span.from));
  const to = Math.max(Date.parse(closedAt), ...spans.map((span) => span.to));
  const axis: Axis = { from, length: Math.max(1, to - from) };
  const rows: readonly Row[] = [
    ...attempts.map((attempt) => {
      return { shard: attempt.shard, from: attempt.spans[0]?.from ?? to, element: makeAttempt(attempt, axis) };
    }),
    ...pauses.map((pause) => ({ shard: pause.shard, from: pause.from, element: makePause(pause, axis) })),
  ];
  const sorted = rows.toSorted((a, b) => a.shard - b.shard || a.from - b.from).map(({ element }) => element);
  const note = spans.some(({ reckoned, from, to }) => reckoned && to - from >= shortest)
    ? make(
        'p',
        { class: 'note' },
        'Paler: reckoned. AWS Batch tells when a container starts, not when its instance came and when it began to pull the image.',
      )
    : undefined;
  const legend = makeLegend([
    ...spans,
    ...pauses.map((pause): Span => ({ phase: 'waiting', from: pause.from, to: pause.to })),
  ]);
  return make('div', { class: 'timeline' }, legend, makeAxis(axis), make('ol', { class: 'rows' }, ...sorted), note);
}
