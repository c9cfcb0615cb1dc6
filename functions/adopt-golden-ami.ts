import { planAdoption } from './core/fleet/golden-ami.ts';
import type { ComputeEnvironments, GoldenImages } from './core/fleet/ports.ts';
import { listPools, queueName } from './core/market/pools.ts';

export interface AdoptGoldenAmiDeps {
  readonly images: GoldenImages;
  readonly environments: ComputeEnvironments;
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
}

export interface AdoptGoldenAmiResult {
  /** Empty: there is no golden AMI. */
  readonly newest: string;
  readonly updated: readonly string[];
  readonly pending: readonly string[];
  readonly deleted: readonly string[];
}

interface Step {
  readonly id: string;
  /** What a person must know where it failed. */
  readonly about?: string;
  readonly run: () => Promise<void>;
}

/** All steps, one after the other (Batch throttles); one that fails holds up no other. */
async function runAll(steps: readonly Step[]) {
  const done: string[] = [];
  const errors: Error[] = [];
  for (const { id, about = '', run } of steps) {
    await run().then(
      () => done.push(id),
      (cause) => errors.push(new Error(`${id}${about}: ${cause instanceof Error ? cause.message : cause}`, { cause })),
    );
  }
  return { done, errors };
}

/**
 * Brings every compute environment to the newest golden AMI, then deletes the older ones.
 * A reconciler without state: what is left to do is read from AWS each time, so that it may run at any time and as often as it is told.
 */
export function makeAdoptGoldenAmi({ images, environments, zones, instanceTypes }: AdoptGoldenAmiDeps) {
  const queues = listPools(zones, instanceTypes).map(queueName);

  return async (): Promise<AdoptGoldenAmiResult> => {
    const found = await images.list();
    const { newest, update, pending, remove } = planAdoption(
      found,
      found.length ? await environments.behind(queues) : [],
    );
    if (!newest) return { newest: '', updated: [], pending: [], deleted: [] };
    const updates = await runAll(
      update.map(({ arn }) => ({ id: arn, run: () => environments.useImage(arn, newest.id) })),
    );
    const removals = await runAll(
      remove.map((image) => ({
        id: image.id,
        // Once the image is gone, nothing else remembers its snapshots.
        about: ` with ${image.snapshotIds.join(', ')}`,
        run: () => images.remove(image),
      })),
    );
    const errors = [...updates.errors, ...removals.errors];
    if (errors.length) {
      throw new AggregateError(
        errors,
        `Expected the golden AMI \`${newest.id}\` to take the place of all others, ${errors.length} of ` +
          `${update.length + remove.length} steps failed: ${errors.map((error) => error.message).join('; ')}. ` +
          'To fix: read the reason; the next round tries again, but for snapshots of an image that is gone: delete them.',
      );
    }
    return { newest: newest.id, updated: updates.done, pending: pending.map(({ arn }) => arn), deleted: removals.done };
  };
}
