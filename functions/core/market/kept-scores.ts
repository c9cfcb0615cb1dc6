import type { Clock } from '../clock.ts';
import type { PlacementScore } from './outlook.ts';
import type { PlacementScores, ScoreMemory } from './ports.ts';

/** AWS limits how many new sets of types an account may have scored a day; capacity drifts over hours. */
const keptSeconds = 6 * 3600;

/** With fewer, AWS's score "will always be low" and says nothing. Source: EC2, GetSpotPlacementScores. */
export const fewestScoredTypes = 3;

export interface KeptScoresDeps {
  /** Absent: what another function keeps is all there is. */
  readonly scores?: PlacementScores;
  readonly memory: ScoreMemory;
  readonly clock: Clock;
}

/** Scores of a set of types, asked of AWS once in six hours: Plan job asks, each attempt reads what it kept. */
export function makeKeptScores({ scores, memory, clock }: KeptScoresDeps): PlacementScores {
  return {
    ofZones: async (instanceTypes): Promise<readonly PlacementScore[]> => {
      if (instanceTypes.length < fewestScoredTypes) {
        throw new RangeError(`Expected at least ${fewestScoredTypes} instance types, got ${instanceTypes.length}`);
      }
      const types = instanceTypes.toSorted();
      const kept = await memory.find(types);
      if (kept && Date.parse(kept.until) > clock.now()) return kept.scores;
      if (!scores) throw new RangeError('Expected some of the last six hours in the ledger, got none');
      const fresh = await scores.ofZones(types);
      await memory.write(types, { scores: fresh, until: new Date(clock.now() + keptSeconds * 1000).toISOString() });
      return fresh;
    },
  };
}
