import { safetySeconds } from './baselines.ts';
import { keep, type Move, onDemand, type Policy, type Situation, slackOf, start, type Terms, wait } from './policy.ts';
import { makeRandom, shuffle } from './random.ts';

/**
 * Uniform Progress, of "Can't Be Late: Optimizing Spot Instance Savings under Deadlines" (NSDI'24), by its rules:
 * 1. idle and behind the line `work x elapsed / deadline`: on-demand, to catch up;
 * 2. Spot whenever it is available, even when behind, and stay on it until it is lost;
 * 3. hysteresis: on-demand is left only when progress is at the line of two changeovers from now;
 * 4. safety net: idle and less slack than two changeovers: on-demand until the end.
 * The paper knows one zone; among several we ask in a random order.
 */
export function uniformProgress(terms: Terms, seed: number): Policy {
  const { workSeconds, deadlineSeconds, changeoverSeconds } = terms;
  const line = (seconds: number) => (workSeconds * seconds) / deadlineSeconds;

  function startJob(job: number) {
    const random = makeRandom(seed * 1000 + job);
    let isLast = false;
    const grant = (situation: Situation) => shuffle(terms.zones, random).find(({ name }) => situation.ask(name))?.name;

    function decide(situation: Situation): Move {
      const { running } = situation;
      const elapsed = deadlineSeconds - situation.untilDeadline;
      const progress = workSeconds - situation.workSeconds;
      if (isLast || (running !== undefined && running !== onDemand)) return keep;
      if (running === onDemand) {
        if (progress < line(elapsed + 2 * changeoverSeconds)) return keep;
        const place = grant(situation);
        // Ahead of the line and no Spot: idle, until the line is met again.
        return place === undefined ? wait : start(place);
      }
      if (slackOf(situation) < safetySeconds(terms)) {
        isLast = true;
        return start(onDemand);
      }
      const place = grant(situation);
      if (place !== undefined) return start(place);
      return progress < line(elapsed) ? start(onDemand) : wait;
    }
    return { decide };
  }
  return { name: 'Uniform Progress', startJob };
}
