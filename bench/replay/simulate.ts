import { type AttemptOutcome, type Decider, onDemand, type Place, type Policy, type Terms } from './policy.ts';
import type { Zone } from './traces.ts';

/** What one job came to. Seconds; USD. */
export interface JobResult {
  readonly usd: number;
  readonly onDemandSeconds: number;
  readonly makespanSeconds: number;
  readonly losses: number;
  readonly starts: number;
  readonly attempts: readonly (AttemptOutcome & { readonly usd: number })[];
}

export interface Market {
  readonly zones: readonly Zone[];
  /** USD per hour at a tick; undefined: no price, nothing to be had. */
  usdPerHour(place: Place, tick: number): number | undefined;
}

interface Running {
  readonly place: Place;
  readonly startedAt: number;
  startingSeconds: number;
  usd: number;
}

/** A job on its way through the ticks. */
class Journey {
  private workSeconds: number;
  private running?: Running;
  private readonly attempts: (AttemptOutcome & { usd: number })[] = [];
  private readonly startTick: number;
  private readonly terms: Terms;
  private readonly market: Market;
  private readonly decider: Decider;
  private readonly up: ReadonlyMap<string, readonly boolean[]>;
  result?: JobResult;

  constructor(startTick: number, terms: Terms, market: Market, decider: Decider) {
    this.startTick = startTick;
    this.terms = terms;
    this.market = market;
    this.decider = decider;
    this.workSeconds = terms.workSeconds;
    this.up = new Map(market.zones.map((zone) => [zone.name, zone.up]));
  }

  private canHave(place: Place, tick: number): boolean {
    if (place === onDemand) return true;
    return this.up.get(place)?.[tick] === true && this.market.usdPerHour(place, tick) !== undefined;
  }

  private end(end: AttemptOutcome['end'], at: number): void {
    if (!this.running) return;
    const { place, startedAt, usd } = this.running;
    const outcome = { place, startedAt, seconds: at - startedAt, end, usd };
    this.attempts.push(outcome);
    this.running = undefined;
    this.decider.ended?.(outcome);
  }

  step(tick: number): void {
    const { gapSeconds } = this.terms;
    const now = tick * gapSeconds;
    const before = this.running?.place;
    const lost = before !== undefined && !this.canHave(before, tick) ? before : undefined;
    if (lost !== undefined) this.end('lost', now);
    const move = this.decider.decide({
      now,
      workSeconds: this.workSeconds,
      untilDeadline: this.startTick * gapSeconds + this.terms.deadlineSeconds - now,
      running: this.running?.place,
      lost,
      usdPerHour: (place) => this.market.usdPerHour(place, tick),
      ask: (place) => this.canHave(place, tick),
    });
    if (move.do === 'wait') this.end('left', now);
    if (move.do === 'start') {
      if (!this.canHave(move.place, tick)) throw new Error(`Expected \`${move.place}\` to be asked before it starts`);
      this.end('left', now);
      this.running = { place: move.place, startedAt: now, startingSeconds: this.terms.changeoverSeconds, usd: 0 };
    }
    this.advance(tick);
  }

  /** Runs through the tick; its last second is the last that is billed. */
  private advance(tick: number): void {
    const running = this.running;
    if (!running) return;
    const starting = Math.min(this.terms.gapSeconds, running.startingSeconds);
    const working = Math.min(this.terms.gapSeconds - starting, this.workSeconds);
    running.startingSeconds -= starting;
    this.workSeconds -= working;
    running.usd += ((this.market.usdPerHour(running.place, tick) ?? 0) * (starting + working)) / 3600;
    if (this.workSeconds > 1e-6) return;
    const at = tick * this.terms.gapSeconds + starting + working;
    this.end('done', at);
    this.result = this.summarize(at);
  }

  private summarize(endedAt: number): JobResult {
    const dear = this.attempts.filter(({ place }) => place === onDemand);
    return {
      usd: this.attempts.reduce((sum, attempt) => sum + attempt.usd, 0),
      onDemandSeconds: dear.reduce((sum, attempt) => sum + attempt.seconds, 0),
      makespanSeconds: endedAt - this.startTick * this.terms.gapSeconds,
      losses: this.attempts.filter(({ end }) => end === 'lost').length,
      starts: this.attempts.length,
      attempts: this.attempts,
    };
  }
}

/**
 * All jobs under one clock, so that what a policy learned from one job is known to those that are decided later, and no
 * earlier. A job that is not done at the end of the recording is an error: starts are drawn so that it can't be.
 * @param starts ticks at which a job begins
 */
export function simulate(
  policy: Policy,
  starts: readonly number[],
  terms: Terms,
  market: Market,
): readonly JobResult[] {
  const journeys = starts.map((tick, job) => ({
    tick,
    journey: new Journey(tick, terms, market, policy.startJob(job)),
  }));
  const ticks = Math.min(...market.zones.map((zone) => zone.up.length));
  for (let tick = 0; tick < ticks; tick++) {
    for (const { tick: first, journey } of journeys) if (tick >= first && !journey.result) journey.step(tick);
  }
  return journeys.map(({ journey }) => {
    if (!journey.result) throw new Error(`Expected ${policy.name} to finish its job within the recording`);
    return journey.result;
  });
}
