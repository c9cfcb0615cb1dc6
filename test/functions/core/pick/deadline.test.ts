import { describe, expect, it } from 'vitest';
import { toDeadline } from '../../../../functions/core/pick/deadline.ts';

const at = (readyBy: string, zone: string, from: string) =>
  new Date(toDeadline(readyBy, zone, new Date(from))).toISOString().replace(':00.000Z', 'Z');

describe('toDeadline', () => {
  it.each([
    ['2026-11-24T07:00:00Z', '2026-11-24T07:00Z'],
    ['2026-11-24T07:00+02:00', '2026-11-24T05:00Z'],
  ])('takes the ISO time %s by its own zone', (readyBy, instant) => {
    expect(at(readyBy, 'Asia/Tokyo', '2026-11-23T22:00:00Z')).toBe(instant);
  });

  it.each([
    ['07:00', 'UTC', '2026-11-23T22:00:00Z', '2026-11-24T07:00Z'],
    ['23:30', 'UTC', '2026-11-23T22:00:00Z', '2026-11-23T23:30Z'],
    ['00:00', 'UTC', '2026-11-23T22:00:00Z', '2026-11-24T00:00Z'],
    ['21:59', 'UTC', '2026-11-23T22:00:00Z', '2026-11-24T21:59Z'],
    ['07:00', 'Europe/Berlin', '2026-11-23T22:00:00Z', '2026-11-24T06:00Z'],
    ['07:00', 'Asia/Kolkata', '2026-11-23T22:00:00Z', '2026-11-24T01:30Z'],
    ['07:00', 'America/New_York', '2026-11-23T22:00:00Z', '2026-11-24T12:00Z'],
    ['17:01', 'America/New_York', '2026-11-23T22:00:30Z', '2026-11-23T22:01Z'],
    ['17:00', 'America/New_York', '2026-11-23T22:00:30Z', '2026-11-24T22:00Z'],
  ])('takes %s in %s from %s for the next such time', (readyBy, zone, from, instant) => {
    expect(at(readyBy, zone, from)).toBe(instant);
  });

  it('follows the clock that is set back: a night of 25 hours', () => {
    expect(at('07:00', 'Europe/Berlin', '2026-10-24T22:00:00+02:00')).toBe('2026-10-25T06:00Z');
    expect(at('21:59', 'Europe/Berlin', '2026-10-24T22:00:00+02:00')).toBe('2026-10-25T20:59Z');
  });

  it('takes the first of the two half past twos', () => {
    expect(at('02:30', 'Europe/Berlin', '2026-10-24T22:00:00+02:00')).toBe('2026-10-25T00:30Z');
  });

  it('follows the clock that is set forward: a night of 23 hours', () => {
    expect(at('07:00', 'Europe/Berlin', '2026-03-28T22:00:00+01:00')).toBe('2026-03-29T05:00Z');
  });

  it('takes the end of the gap for a time that the clock skips', () => {
    expect(at('02:30', 'Europe/Berlin', '2026-03-28T22:00:00+01:00')).toBe('2026-03-29T01:00Z');
  });

  it.each([
    ['00:00', 'Africa/Cairo', '2026-04-23T18:00:00Z', '2026-04-23T22:00Z'],
    ['00:30', 'Africa/Cairo', '2026-04-23T18:00:00Z', '2026-04-23T22:00Z'],
    ['23:58', 'Africa/Cairo', '2026-04-23T22:30:00Z', '2026-04-24T20:58Z'],
    ['00:30', 'America/Santiago', '2026-09-05T20:00:00Z', '2026-09-06T04:00Z'],
  ])('takes the end of the gap at midnight for %s in %s', (readyBy, zone, from, instant) => {
    expect(at(readyBy, zone, from)).toBe(instant);
  });

  it('takes the time again that a clock set back shows again, and none that it goes back over', () => {
    // 02:30 for the first time; 02:00 comes again, and 12:00 does not come with it.
    const from = '2026-10-25T02:30:00+02:00';
    expect(at('02:00', 'Europe/Berlin', from)).toBe('2026-10-25T01:00Z');
    expect(at('12:00', 'Europe/Berlin', from)).toBe('2026-10-25T11:00Z');
  });

  it('never takes the minute that just passed for one that is to come', () => {
    expect(at('21:59', 'UTC', '2026-11-23T22:00:00Z')).toBe('2026-11-24T21:59Z');
  });
});
