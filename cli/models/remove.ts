import type { PlaceFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { count, size } from '../words/amounts.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';
import { checkModelId } from './known-model.ts';
import { type ModelStore, openModelStore } from './model-store.ts';
import { findUsers } from './users-of-model.ts';

export interface RemoveFlags extends PlaceFlags {
  readonly yes?: boolean;
}

/** @throws PlainProblem: a worker that reads its weights would lose them under its hands */
async function checkUnused({ targets, flags }: ModelStore, id: string): Promise<void> {
  const users = (await Promise.all(targets.map((target) => findUsers(target, id)))).flat();
  if (!users.length) return;
  throw new PlainProblem(
    `Expected no running job to use \`${id}\`, these do or may: ${users.join(', ')}. To fix: wait for their end, or \`npm start -- cancel ${users[0]}${flags}\`.`,
  );
}

/** `models remove`: deletes the weights of a model; jobs that ask for it are refused until it is imported again. */
export async function removeModel(id: string, flags: RemoveFlags): Promise<number> {
  checkModelId(id, 'remove');
  const store = await openModelStore(flags);
  const amount = await store.measure(id);
  const end = (removed: boolean, code: number) => {
    answer(flags.json, { model: id, ...amount, removed });
    return code;
  };
  if (amount.objects === 0) {
    say(`Nothing to remove: no file of ${id} is there.`);
    return end(false, 0);
  }
  await checkUnused(store, id);
  const what = `${count(amount.objects, 'file')} of ${id}, ${size(amount.bytes)}`;
  if (!flags.yes) {
    say(`Would remove ${what}. Nothing was removed: the same command with \`--yes\` does it.`);
    return end(false, 2);
  }
  await store.remove(id);
  say(`Removed ${what}. \`npm start -- models import ${id}${store.flags}\` brings them back.`);
  return end(true, 0);
}
