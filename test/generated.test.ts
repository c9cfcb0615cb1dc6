import { expect, it } from 'vitest';
import { findDrift } from '../statemachine/generate.ts';

it('has schemas, diagram, tables and the revision of the tiny model as the code says (`npm run generate`)', async () => {
  expect(await findDrift()).toEqual([]);
});
