/** As much of JSON Schema as the schema of bundles uses. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  description?: string;
}

/** Something that can be typed at a place. */
export interface Candidate {
  name: string;
  kind: 'key' | 'value';
  description: string;
  required: boolean;
}

const FILES: [RegExp, string][] = [
  [/^workspace\.yaml$/, 'workspace'],
  [/^journeys\/.+\.ya?ml$/, 'journey'],
  [/^actions\/.+\.ya?ml$/, 'action'],
  [/^placements\.yaml$/, 'placement'],
  [/^(segments|attributes|events|catalogue|cms|sources|group)\.yaml$/, ''],
];

/** The schemas that a document of this file may have; none for files that are no definitions. */
export function findFileSchema(root: JsonSchema, file: string): JsonSchema[] {
  const [pattern, named] = FILES.find(([pattern]) => pattern.test(file)) ?? [];
  const name = named || pattern?.exec(file)?.[1];
  const schema = name ? root.$defs?.[name] : undefined;
  if (!schema) return [];
  // A file of definitions may be a list of them.
  return named && named !== 'workspace' ? [schema, { type: 'array', items: schema }] : [schema];
}

/** The schemas at a path below others. */
export function findSchemas(
  root: JsonSchema,
  schemas: JsonSchema[],
  path: (string | number)[],
): JsonSchema[] {
  return path.reduce<JsonSchema[]>(
    (found, part) => expand(root, found).flatMap((schema) => descend(schema, part)),
    schemas,
  );
}

function descend(schema: JsonSchema, part: string | number): JsonSchema[] {
  if (typeof part === 'number') return schema.items ? [schema.items] : [];
  const own =
    schema.properties && Object.hasOwn(schema.properties, part) ? schema.properties[part] : undefined;
  if (own) return [own];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

/** The alternatives that schemas consist of, with references followed. */
function expand(root: JsonSchema, schemas: JsonSchema[], depth = 0): JsonSchema[] {
  if (depth > 12) return [];
  return schemas.flatMap((schema) => {
    const name = schema.$ref?.replace('#/$defs/', '');
    const target = name === undefined ? undefined : root.$defs?.[name];
    const parts = [
      ...(schema.anyOf ?? []),
      ...(schema.oneOf ?? []),
      ...(schema.allOf ?? []),
      ...(target ? [target] : []),
    ];
    return [schema, ...expand(root, parts, depth + 1)];
  });
}

/** The keys that a mapping at a place may have, in the order of the schema. */
export function listKeys(root: JsonSchema, schemas: JsonSchema[]): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const schema of expand(root, schemas))
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const required = schema.required?.includes(name) ?? false;
      if (!found.has(name))
        found.set(name, { name, kind: 'key', description: describe(root, property), required });
    }
  return [...found.values()];
}

/** The values that a place may have, as far as the schema lists them. */
export function listValues(root: JsonSchema, schemas: JsonSchema[]): Candidate[] {
  const values = expand(root, schemas).flatMap((schema) => {
    if (schema.enum) return schema.enum;
    if (schema.const !== undefined) return [schema.const];
    return schema.type === 'boolean' ? [true, false] : [];
  });
  const description = describe(root, { anyOf: schemas });
  return [...new Set(values)].map((value) => ({
    name: String(value),
    kind: 'value',
    description,
    required: false,
  }));
}

/** What the schema says about a place. */
export function describe(root: JsonSchema, schema: JsonSchema): string {
  return expand(root, [schema]).find(({ description }) => description)?.description ?? '';
}
