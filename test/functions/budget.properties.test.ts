import { it } from 'vitest';
import { makeFakeLedger } from '../fakes/ledger.ts';
import { checkBudget } from './budget-model.ts';

it('a budget is never passed, whatever parallel shards set aside and spend at once', async () => {
  await checkBudget(makeFakeLedger, 200);
});
