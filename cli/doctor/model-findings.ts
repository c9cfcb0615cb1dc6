import { findModel, type Model } from '../../functions/core/input/models.ts';
import type { Answer } from '../../functions/core/market/gap.ts';
import { bucketLink } from '../../functions/core/tell/console-links.ts';
import type { StoredModel } from '../models/stored-models.ts';
import { size } from '../words/amounts.ts';
import { type Finding, judgeAnswer } from './finding.ts';

export interface ModelPlace {
  /** What a job draws with that names no model. */
  readonly defaultModel: string;
  /** What follows `npm start -- models import ID`. */
  readonly flags: string;
  readonly region?: string;
  readonly bucket: string;
}

const licenceOf = (model: Model) =>
  model.gate ? `${model.licence}, accepted: it could not have been imported otherwise` : model.licence;

function judgeStored({ id, revision, bytes }: StoredModel): readonly Finding[] {
  const model = findModel(id);
  if (!model) return [];
  const found = { name: 'model', says: `${id} is there (${size(bytes)}; ${licenceOf(model)})` };
  if (model.revision === revision) return [{ ...found, state: 'ok' }];
  return [];
}

function judgeMissing(model: Model, stored: readonly StoredModel[], place: ModelPlace): Finding {
  const { id, gate, revision } = model;
  const old = stored.find((candidate) => candidate.id === id);
  const why = old
    ? `revision ${old.revision.slice(0, 12)} is there, jobs read ${revision.slice(0, 12)}`
    : 'its weights are not there';
  const accept = gate ? `accept ${gate.accept} at ${gate.page}, then ` : '';
  return {
    name: 'model',
    state: 'problem',
    says: `${id}, which jobs draw with that name no model: ${why}`,
    fix: `${accept}\`npm start -- models import ${id}${place.flags}\``,
    ...(place.region && { link: bucketLink(place.region, place.bucket, 'models/') }),
  };
}

/** The default model must be there, whole; of others it is told that they are. */
export function judgeModels(answer: Answer<readonly StoredModel[]>, place: ModelPlace): readonly Finding[] {
  return judgeAnswer('model', answer, (stored): readonly Finding[] => {
    const found = stored.flatMap(judgeStored);
    const model = findModel(place.defaultModel);
    const isThere = stored.some(({ id, revision }) => id === model?.id && revision === model.revision);
    return model && !isThere ? [judgeMissing(model, stored, place), ...found] : found;
  });
}
