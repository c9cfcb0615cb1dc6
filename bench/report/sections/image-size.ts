import { sum } from '../../numbers.ts';
import { origin, table } from '../markdown.ts';
import { need, type Records } from '../records.ts';

/** By what the instruction of the Dockerfile says; the first that fits. */
const kinds: readonly (readonly [kind: string, instruction: RegExp])[] = [
  ['base', /^base/],
  ['Python packages (torch with CUDA)', /pip install/],
  ['C compiler', /gcc/],
  ['code, schemas, all else', /(?:)/],
];

const toText = (megabytes: number) => (megabytes < 1 ? 'below 1 MB' : `${(megabytes / 1000).toFixed(2)} GB`);

export function renderImageSize(records: Records): string {
  const record = need(records, 'image-size');
  const { gigabytes, layers } = record.figures;
  const kindOf = (instruction: string) => kinds.find(([, pattern]) => pattern.test(instruction))?.[0];
  const sizes = kinds.map(([kind]) => {
    const own = layers.filter((layer) => kindOf(layer.created_by) === kind);
    return toText(sum(own.map(({ megabytes }) => megabytes)));
  });
  const rows = table(['image', ...kinds.map(([kind]) => kind)], [[`${gigabytes.toFixed(2)} GB`, ...sizes]]);
  return `${origin(record)}\n${rows}`;
}
