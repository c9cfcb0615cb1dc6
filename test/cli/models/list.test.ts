import { describe, expect, it } from 'vitest';
import { licenceLine } from '../../../cli/models/import.ts';
import { modelLines, toListed } from '../../../cli/models/list.ts';
import { findModel, type Model } from '../../../functions/core/input/models.ts';

const model = (id: string): Model => {
  const found = findModel(id);
  if (!found) throw new TypeError(id);
  return found;
};
const stored = (id: string, revision = model(id).revision) => ({ id, revision, bytes: 2_266_677_248, files: 12 });
const lines = (id: string, there: ReturnType<typeof stored>[]) =>
  toListed([model(id)], there).flatMap((listed) => modelLines(listed, { kind: 'aws', flags: ' --stack mine' }));

describe('the list of models', () => {
  it('says how much of a model is here, and what no job reads any more', () => {
    const both = lines('sd-1.5', [stored('sd-1.5'), stored('sd-1.5', 'f00dfeed0123456'), stored('sdxl')]);
    expect(both).toEqual([
      `  sd-1.5           2.1 GiB  here: 2.11 GiB in 12 files, revision ${model('sd-1.5').revision.slice(0, 12)}`,
      expect.stringContaining('Stable Diffusion 1.5'),
      '      no job reads revision f00dfeed0123 (2.11 GiB) any more',
    ]);
  });

  it('says how to import one, and what to accept before', () => {
    expect(lines('sdxl', [])[0]).toMatch(/ GiB {2}npm start -- models import sdxl --stack mine$/);
    const { gate } = model('sd-3.5-medium');
    expect(lines('sd-3.5-medium', [])[0]).toContain(`; first accept ${gate?.accept} at ${gate?.page}`);
    expect(licenceLine('sd-3.5-medium', 'aws')).toContain('the secret `spot-diffusion/hugging-face-token`');
    expect(licenceLine('sd-1.5', 'aws')).toBeUndefined();
  });
});
