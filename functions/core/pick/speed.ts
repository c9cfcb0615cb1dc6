import { findModel } from '../input/models.ts';
import type { LearnedSpeed } from '../learn/learned.ts';
import type { InstanceType } from '../market/instance-types.ts';
import type { Outlook } from '../market/outlook.ts';
import { type Evidence, secondsPerImage } from '../market/throughput.ts';
import type { Work } from './work.ts';

export interface Speed {
  /** Of the instance: listed ones are those of one GPU, which is what the worker uses. */
  readonly secondsPerImage: number;
  /** From the start of the container to the first step. */
  readonly loadSeconds: number;
  /** Of the seconds per image. */
  readonly evidence: Evidence;
  /** Attempts behind it. */
  readonly weight: number;
}

/** Until it is measured: weights from S3 at 1.25 GB/s, the network of the smaller types, and importing the libraries. */
export const assumedLoadSeconds = (weightsGib: number) => 15 + weightsGib / 1.16;

/** More than any job has: compiling never pays. */
const never = 1_000_000_000;

/** Of a model and size on a type, from how many images on compiling pays; undefined: nobody compiled there yet. */
export function compileFromImages({ secondsPerStep, compiled }: LearnedSpeed, steps: number): number | undefined {
  if (!compiled) return undefined;
  const saved = (secondsPerStep - compiled.secondsPerStep) * steps;
  return saved > 0 ? Math.min(never, Math.max(1, Math.ceil(compiled.compileSeconds / saved))) : never;
}

/** As the worker will run it: it compiles where that pays, and never with LoRAs. */
function asRun(row: LearnedSpeed, { images, typical }: Work): LearnedSpeed {
  const { compiled } = row;
  if (!compiled || typical.loras.length || images < (compileFromImages(row, typical.steps) ?? never)) return row;
  return { ...row, secondsPerStep: compiled.secondsPerStep, loadSeconds: row.loadSeconds + compiled.compileSeconds };
}

/** Another size of the model, or another type with the same GPU, tells half. */
const otherSize = 0.5;
const otherType = 0.5;

/**
 * A listed speed weighs half an attempt and is forgotten after three: the ledger counts 1 + 0.79 + 0.63 = 2.42 then. One three
 * times off is 1.3 off after one attempt, 1.1 after two, nothing after three.
 */
const forgottenAt = 2.4;
const listedWeight = (learned: number) => 0.5 * Math.max(0, 1 - learned / forgottenAt);

/** How much of an estimate is still the listed one: all without an attempt, a quarter after one, nothing after three. */
export const listedShare = (learned: number) => listedWeight(learned) / (listedWeight(learned) + learned);

interface Figure {
  readonly value: number;
  readonly weight: number;
}

const isFigure = (value: number) => Number.isFinite(value) && value > 0;

/** The weighted geometric mean: speeds are off by factors. Undefined without weight. */
function blend(figures: readonly Figure[]): number | undefined {
  const total = figures.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) return undefined;
  return Math.exp(figures.reduce((sum, { value, weight }) => sum + weight * Math.log(value), 0) / total);
}

const weigh = (figures: readonly Figure[]) => figures.reduce((sum, { weight }) => sum + weight, 0);

/** What was measured, with the listed figure for as long as it counts. */
function estimate(learned: readonly Figure[], listed: number | undefined): number | undefined {
  const rest = listed === undefined ? [] : [{ value: listed, weight: listedWeight(weigh(learned)) }];
  return blend([...learned, ...rest]);
}

const pixelsOf = (size: string) => {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return width * height;
};

/** How far a row tells of this work on this type, from 0 to 1. */
function relevance(row: LearnedSpeed, work: Work, type: InstanceType, types: Outlook['types']): number {
  if (row.model !== work.model) return 0;
  const pixels = work.typical.width * work.typical.height;
  // The typical size of mixed work is no whole number of pixels.
  const sameSize = Math.abs(pixelsOf(row.size) / pixels - 1) < 0.01;
  const size = sameSize ? 1 : otherSize;
  if (row.instanceType === type.name) return size;
  const other = types.find(({ name }) => name === row.instanceType);
  const sameGpu = other && other.gpu === type.gpu && (other.gpus ?? 1) === (type.gpus ?? 1);
  return sameGpu ? size * otherType : 0;
}

/** What the ledger measured over what was published or assumed; undefined where nothing is known. */
export function findSpeed(
  work: Work,
  type: InstanceType,
  outlook: Pick<Outlook, 'speeds' | 'types'>,
): Speed | undefined {
  const model = findModel(work.model);
  const { steps, width, height } = work.typical;
  const rows = outlook.speeds
    .filter((row) => isFigure(row.weight) && isFigure(row.secondsPerStep) && isFigure(pixelsOf(row.size)))
    .map((row) => ({ row: asRun(row, work), weight: row.weight * relevance(row, work, type, outlook.types) }))
    .filter(({ weight }) => weight > 0);
  const measured = rows.map(({ row, weight }) => ({
    value: (row.secondsPerStep * steps * width * height) / pixelsOf(row.size),
    weight,
  }));
  const loads = rows
    .filter(({ row }) => isFigure(row.loadSeconds))
    .map(({ row, weight }) => ({ value: row.loadSeconds, weight }));
  const listed = secondsPerImage(work.typical, type.gpu);
  const seconds = estimate(measured, listed?.seconds);
  const loadSeconds = estimate(loads, model && assumedLoadSeconds(model.weightsGib));
  if (seconds === undefined || loadSeconds === undefined) return undefined;
  const weight = weigh(measured);
  const evidence = weight >= 1 || !listed ? 'measured' : listed.evidence;
  return { secondsPerImage: seconds, loadSeconds, evidence, weight };
}
