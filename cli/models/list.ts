import { findModel, type Model, modelIds } from '../../functions/core/input/models.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import { size } from '../words/amounts.ts';
import { answer } from '../words/answer.ts';
import { type ModelStore, openModelStore } from './model-store.ts';
import type { StoredModel } from './stored-models.ts';

interface ListedModel {
  readonly model: Model;
  /** The revision that jobs use. */
  readonly stored?: StoredModel;
  /** Of earlier registries: no job reads them. */
  readonly old: readonly StoredModel[];
}

export function toListed(models: readonly Model[], stored: readonly StoredModel[]): readonly ListedModel[] {
  return models.map((model) => {
    const ofModel = stored.filter(({ id }) => id === model.id);
    return {
      model,
      stored: ofModel.find(({ revision }) => revision === model.revision),
      old: ofModel.filter(({ revision }) => revision !== model.revision),
    };
  });
}

const short = (revision: string) => revision.slice(0, 12);

type Place = Pick<ModelStore, 'kind' | 'flags'>;

function whereOf({ model, stored }: ListedModel, { kind, flags }: Place): string {
  if (stored) return `here: ${size(stored.bytes)} in ${stored.files} files, revision ${short(stored.revision)}`;
  if (model.id === 'tiny') return kind === 'aws' ? 'on machines of your own alone' : 'in this repository';
  const gate = model.gate ? `; first accept ${model.gate.accept} at ${model.gate.page}` : '';
  return `npm start -- models import ${model.id}${flags}${gate}`;
}

export function modelLines(listed: ListedModel, place: Place): readonly string[] {
  const { model, old } = listed;
  return [
    `  ${model.id.padEnd(14)} ${`${model.weightsGib} GiB`.padStart(9)}  ${whereOf(listed, place)}`,
    `      ${model.title}; ${model.licence}`,
    ...old.map(({ revision, bytes }) => `      no job reads revision ${short(revision)} (${size(bytes)}) any more`),
  ];
}

const toJson = ({ model, stored, old }: ListedModel) => {
  const { id, title, licence, gate, weightsGib, revision } = model;
  return { id, title, licence, gate, weightsGib, revision, imported: stored !== undefined, stored, old };
};

/** `models list`: the models, and which of them are here. */
export async function listModels(place: PlaceFlags): Promise<number> {
  const store = await openModelStore(place);
  const stored = await store.list();
  const models = modelIds.flatMap((id) => findModel(id) ?? []);
  const listed = toListed(models, stored);
  const lines = listed.flatMap((one) => modelLines(one, store));
  answer(place.json, { models: listed.map(toJson) }, lines);
  return 0;
}
