import { expect, it } from 'vitest';
import { describeMachine, readMachine } from '../../../bench/report/machine.ts';

it('says of a machine what figures depend on: its CPU, its cores, the versions of what runs', () => {
  const machine = readMachine();
  expect(machine.cores).toBeGreaterThan(0);
  expect(Object.keys(machine.versions)).toEqual(['Node', 'Python', 'torch', 'diffusers']);
  expect(describeMachine({ cpu: 'a CPU', cores: 2, versions: { Node: '24.1.0', torch: '2.15' } })).toBe(
    '2 cores (a CPU), Node 24.1.0, torch 2.15',
  );
});
