import { makeCloseJob } from '../../functions/close-job.ts';
import type { CloseRequest } from '../../functions/core/close/closing.ts';
import { toJsonLines } from '../../functions/core/storage/json-lines.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aRecordOf, aSettlement, images, startedAt } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { fakePictures } from '../fakes/pictures.ts';

export const given = images(3);
const [one, two, three] = given;
if (!one || !two || !three) throw new Error('Expected three images');
export const [first, second, third] = [one, two, three];
export const at = (name: string) => `jobs/job-1/${name}`;
export const pictureOf = (made: readonly { readonly hash: string }[]) =>
  Object.fromEntries(
    made.flatMap(({ hash }, index) => [
      [`images/${hash}.png`, 'png'],
      [`thumbnails/256/${hash}.webp`, `t${index}`],
    ]),
  );
export const attempt = {
  [at('attempts/00000-1.json')]: JSON.stringify(aRecordOf([first, second])),
  [at('attempts/00000-1.settled.json')]: JSON.stringify(aSettlement({ usd: 0.1, onDemandUsd: 0.4 })),
};
export const failures = [{ error: 'BudgetExceeded', cause: '{"errorMessage":"too dear"}' }];

export function setUp(files: Readonly<Record<string, string>>, known = given) {
  const recipes = known.length ? { [at('recipes.jsonl')]: toJsonLines(known) } : {};
  const bucket = makeFakeBucket({ ...recipes, ...files });
  const clock = makeFakeClock('2026-11-23T22:30:00.000Z');
  const state = makeCloseJob({ bucket, clock, pictures: fakePictures });
  const close = (over: Partial<CloseRequest> = {}) => state({ jobId: 'job-1', startedAt, failures: [], ...over });
  const json = async (name: string) => JSON.parse((await bucket.read(at(name))) ?? 'null');
  return { bucket, clock, close, json };
}
