import { describe, expect, it } from 'vitest';
import { readTold } from '../../../../functions/core/close/told.ts';

describe('readTold', () => {
  it('knows since when an end is told, and whether its message was sent', () => {
    expect(readTold('{"at":5}')).toEqual({ at: 5, sent: false });
    expect(readTold('{"at":5,"sent":true}')).toEqual({ at: 5, sent: true });
  });

  it.each([undefined, '', 'null', '{"by":"Clean up job"}'])('takes %j for a message that was sent', (text) => {
    expect(readTold(text).sent).toBe(true);
  });
});
