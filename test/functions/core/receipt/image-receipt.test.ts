import { expect, it } from 'vitest';
import { toImageReceipt } from '../../../../functions/core/receipt/image-receipt.ts';
import { aRecordOf, aSettlement, images } from '../../../fakes/builders.ts';

const record = aRecordOf(images(10), {
  pool: 'any/g6.xlarge/spot',
  device: 'NVIDIA L4',
  phases: { importSeconds: 5, loadSeconds: 25, renderSeconds: 20, uploadSeconds: 1 },
});
const [image] = record.images;
if (!image) throw new Error('Expected an image');
const made = { image, record };

it('says where an image was made, at which price, and its part of what its attempt spent on all of them', () => {
  const settlement = aSettlement({ startSeconds: 210, idleSeconds: 180, usdPerHour: 0.3442 });
  expect(toImageReceipt(record.pool, 0.00123456, { made, settlement })).toEqual({
    cents: 0.1235,
    instanceType: 'g6.xlarge',
    gpu: 'NVIDIA L4',
    azId: 'any',
    usdPerHour: 0.3442,
    phases: { renderSeconds: 2, bootSeconds: 21, loadSeconds: 3, uploadSeconds: 0.1, idleSeconds: 18 },
  });
});

it('leaves out what only a settlement tells', () => {
  expect(toImageReceipt(record.pool, 0.01, { made })).toEqual({
    cents: 1,
    instanceType: 'g6.xlarge',
    gpu: 'NVIDIA L4',
    azId: 'any',
    phases: { renderSeconds: 2, loadSeconds: 3, uploadSeconds: 0.1 },
  });
});

it('counts no idle time where a settlement of an older version tells none', () => {
  expect(toImageReceipt(record.pool, 0.01, { made, settlement: aSettlement() }).phases?.idleSeconds).toBe(0);
});

it('knows where an image was made of which only the object tells', () => {
  expect(toImageReceipt('use1-az1/g6.xlarge/spot', 0.01, { settlement: aSettlement() })).toEqual({
    cents: 1,
    instanceType: 'g6.xlarge',
    azId: 'use1-az1',
    usdPerHour: 0.344,
  });
});
