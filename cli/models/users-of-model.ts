import { readJobFile } from '../../functions/core/close/read-job.ts';
import { listRunning, statusOf, type Target } from '../target/target.ts';
import { classifier } from './known-model.ts';

/** The jobs that run and read this model, or may: the classifier looks at pictures of any, and of a job that has just begun nothing is known. */
export async function findUsers(target: Target, model: string): Promise<readonly string[]> {
  const users: string[] = [];
  for (const name of await listRunning(target)) {
    // Without one it is not validated yet.
    const models = (await readJobFile(target.bucket, name))?.models;
    const mayUse = model === classifier || (models?.includes(model) ?? true);
    if (mayUse && (await statusOf(target, name)) === 'RUNNING') users.push(name);
  }
  return users;
}
