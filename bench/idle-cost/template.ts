import { z } from 'zod';

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** A resource of a CloudFormation template. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export type Template = readonly Resource[];

export function readTemplate(raw: unknown): Template {
  return Object.entries(templateSchema.parse(raw).Resources).map(([id, { Type, Properties }]) => {
    return { id, type: Type, properties: Properties };
  });
}

export const ofType = (template: Template, type: string) => template.filter((resource) => resource.type === type);

/** The value at a path such as `ComputeResources.MinvCpus`, or undefined. */
export function valueAt(resource: Resource, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => Reflect.get(Object(value), key), resource.properties);
}

/** A list at a path; empty where there is none. */
export function listAt(resource: Resource, path: string): readonly unknown[] {
  const value = valueAt(resource, path);
  return Array.isArray(value) ? value : [];
}
