import { describe, expect, it } from 'vitest';
import { findIdle } from '../../../../functions/core/fleet/idle-instances.ts';

const minute = 60_000;
const now = 100 * minute;
/** Minutes ago. */
const ago = (minutes: number) => now - minutes * minute;

/** Whether an instance that was launched so long ago idles. */
function idles(launched: number, member?: { readonly registered: number; readonly tasks: number }): boolean {
  const other = { id: 'i-other', launchedAt: now };
  const members = member ? [{ instanceId: 'i-1', registeredAt: ago(member.registered), tasks: member.tasks }] : [];
  const found = findIdle([other, { id: 'i-1', launchedAt: ago(launched) }], members, now);
  expect(found).not.toContain('i-other');
  return found.includes('i-1');
}

describe('an instance that idles', () => {
  it('never joined a cluster, ten minutes after its launch', () => {
    expect(idles(10)).toBe(false);
    expect(idles(10.1)).toBe(true);
  });

  it('has no task, ten minutes after it joined', () => {
    expect(idles(60, { registered: 10, tasks: 0 })).toBe(false);
    expect(idles(60, { registered: 10.1, tasks: 0 })).toBe(true);
    expect(idles(9, { registered: 30, tasks: 0 })).toBe(false);
  });

  it('is none that has a task', () => {
    expect(idles(60, { registered: 50, tasks: 1 })).toBe(false);
  });
});
