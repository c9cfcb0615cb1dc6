import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BadRecording } from './bad-recording.ts';

/** Whether one GPU of a zone could be had, tick by tick. */
export interface Zone {
  readonly name: string;
  readonly region: string;
  readonly up: readonly boolean[];
}

export interface Traces {
  readonly gapSeconds: number;
  readonly zones: readonly Zone[];
}

const fileSchema = z.object({
  metadata: z.object({ gap_seconds: z.number().positive() }),
  data: z.array(z.union([z.literal(0), z.literal(1)])).min(1),
});

/** `us-east-1a_v100_1.json` */
const fileName = /^(?<zone>(?<region>[a-z]+(?:-[a-z]+)+-\d+)[a-z]?[^_]*)_.*\.json$/;

function readZone(folder: string, file: string) {
  const groups = fileName.exec(file)?.groups;
  if (!groups) throw new BadRecording(`Expected \`${file}\` to begin with a zone, such as \`us-east-1a_\`.`);
  const { zone: name = '', region = '' } = groups;
  try {
    const { metadata, data } = fileSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    return { name, region, up: data.map((each) => each === 1), gapSeconds: metadata.gap_seconds };
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : String(error);
    throw new BadRecording(`Expected \`${file}\` to hold \`metadata.gap_seconds\` and \`data\` of 0 and 1: ${why}`);
  }
}

/** The recordings of a folder, one file per zone, cut to the shortest. */
export function readTraces(folder: string): Traces {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  if (!files.length) throw new BadRecording(`Expected recordings \`<zone>_….json\` in \`${folder}\`, got none.`);
  const read = files.toSorted().map((file) => readZone(folder, file));
  const gaps = [...new Set(read.map((zone) => zone.gapSeconds))];
  const [gapSeconds] = gaps;
  if (gapSeconds === undefined || gaps.length > 1) {
    throw new BadRecording(`Expected one \`gap_seconds\` in \`${folder}\`, got ${gaps.join(', ')}.`);
  }
  const ticks = Math.min(...read.map((zone) => zone.up.length));
  return { gapSeconds, zones: read.map(({ name, region, up }) => ({ name, region, up: up.slice(0, ticks) })) };
}

/** Each region alone, and all zones together where there are more regions than one. */
export function setsOf(zones: readonly Zone[]): Readonly<Record<string, readonly Zone[]>> {
  const regions = Object.fromEntries(Map.groupBy(zones, (zone) => zone.region));
  return Object.keys(regions).length > 1 ? { ...regions, all: zones } : regions;
}
