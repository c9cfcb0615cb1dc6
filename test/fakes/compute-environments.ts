import type { ComputeEnvironment, ComputeEnvironments } from '../../functions/core/fleet/ports.ts';

export const anEnvironment = (over: Partial<ComputeEnvironment> = {}): ComputeEnvironment => ({
  arn: 'ce-1',
  settled: true,
  valid: true,
  clusterArn: 'cluster-1',
  imageId: 'ami-1',
  ...over,
});

export interface FakeEnvironments extends ComputeEnvironments {
  /** The queues that were asked for, once per call. */
  readonly asked: readonly (readonly string[])[];
  /** Ends the changes that are under way. */
  settle(): void;
}

/** A change takes until `settle`. @param broken environments that refuse each change */
export function makeFakeEnvironments(
  initial: readonly ComputeEnvironment[],
  broken: readonly string[] = [],
): FakeEnvironments {
  const all = new Map(initial.map((environment) => [environment.arn, environment]));
  const asked: (readonly string[])[] = [];
  return {
    asked,
    settle: () => {
      for (const [arn, environment] of all) all.set(arn, { ...environment, settled: true, valid: true });
    },
    behind: async (queues) => {
      asked.push(queues);
      return [...all.values()];
    },
    useImage: async (arn, imageId) => {
      const environment = all.get(arn);
      if (!environment?.settled) throw new TypeError(`Expected an environment that takes a change, got \`${arn}\``);
      if (broken.includes(arn)) throw new Error('broken');
      all.set(arn, { ...environment, imageId, settled: false, valid: false });
    },
  };
}
