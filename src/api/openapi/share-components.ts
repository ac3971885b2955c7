type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Copies of a schema shorter than this stay inline: a reference would not be shorter. */
const SHORTEST_COPY = 100;

/**
 * Replaces repeated parts of a generated document by references: copies of named schemas, which the generator makes
 * wherever a named schema gets a description of its own, and parameters that several operations have.
 */
export function shareComponents(document: JsonObject): JsonObject {
  const components = document.components as JsonObject;
  const schemas = components.schemas as JsonObject;
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(schemas)) {
    const key = toKey(schema as JsonObject);
    if (key.length >= SHORTEST_COPY) names.set(key, name);
  }
  for (const [name, schema] of Object.entries(schemas))
    schemas[name] = mapChildren(schema as JsonObject, (child) => shareSchemas(child, names));
  const paths = shareSchemas(document.paths as Json, names) as JsonObject;
  components.parameters = shareParameters(paths);
  components.responses = { ...(components.responses as JsonObject), ...shareResponses(paths) };
  return { ...document, paths, components };
}

/** A schema without its description: what copies have in common. */
function toKey({ description: _, ...schema }: JsonObject): string {
  return JSON.stringify(schema);
}

function shareSchemas(value: Json, names: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => shareSchemas(item, names));
  if (typeof value !== 'object' || value === null) return value;
  const name = names.get(toKey(value));
  if (name === undefined) return mapChildren(value, (child) => shareSchemas(child, names));
  const { description } = value;
  return { $ref: `#/components/schemas/${name}`, ...(description === undefined ? {} : { description }) };
}

function mapChildren(object: JsonObject, map: (child: Json) => Json): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, child]) => [key, key === 'example' ? child : map(child)]),
  );
}

/** Moves answers that several operations have out of them: `Task200` is the task with status 200. */
function shareResponses(paths: JsonObject): JsonObject {
  const groups = new Map<string, { name: string; responses: JsonObject; status: string }[]>();
  for (const operation of listOperations(paths)) {
    const responses = operation.responses as JsonObject;
    for (const [status, response] of Object.entries(responses)) {
      const text = JSON.stringify(response);
      const [, schema] = /^\{.*"schema":\{"\$ref":"#\/components\/schemas\/(\w+)"\}\}\}\}$/.exec(text) ?? [];
      if (schema === undefined) continue;
      const uses = groups.get(text) ?? [];
      groups.set(text, [...uses, { name: `${schema}${status}`, responses, status }]);
    }
  }
  const shared: JsonObject = {};
  for (const [text, uses] of groups) {
    const { name } = uses[0] as (typeof uses)[number];
    if (uses.length < 2 || shared[name] !== undefined) continue;
    shared[name] = JSON.parse(text);
    for (const { responses, status } of uses) responses[status] = { $ref: `#/components/responses/${name}` };
  }
  return shared;
}

function listOperations(paths: JsonObject): JsonObject[] {
  return Object.values(paths).flatMap((path) => Object.values(path as JsonObject) as JsonObject[]);
}

/** The generator writes the description of a parameter twice, and the default of `required`. */
function dropRedundant({ schema, required, ...parameter }: JsonObject): JsonObject {
  const { description: _, ...bare } = (schema ?? {}) as JsonObject;
  return { ...parameter, ...(required ? { required } : {}), schema: bare };
}

/** Moves parameters that occur more than once, with the same schema, out of the operations. */
function shareParameters(paths: JsonObject): JsonObject {
  const operations = Object.values(paths).flatMap(
    (path) => Object.values(path as JsonObject) as JsonObject[],
  );
  for (const operation of operations)
    if (operation.parameters)
      operation.parameters = (operation.parameters as JsonObject[]).map(dropRedundant);
  const counts = new Map<string, number>();
  for (const { parameters } of operations)
    for (const parameter of (parameters ?? []) as Json[]) {
      const key = JSON.stringify(parameter);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  const shared: JsonObject = {};
  for (const operation of operations) {
    if (!operation.parameters) continue;
    operation.parameters = (operation.parameters as JsonObject[]).map((parameter) => {
      if ((counts.get(JSON.stringify(parameter)) ?? 0) < 2) return parameter;
      const name = nameParameter(parameter, shared);
      shared[name] = parameter;
      return { $ref: `#/components/parameters/${name}` };
    });
  }
  return shared;
}

/** `limit`, or `limit2` where another parameter has the name. */
function nameParameter(parameter: JsonObject, shared: JsonObject): string {
  const base = String(parameter.name).replaceAll(/\W/g, '');
  const text = JSON.stringify(parameter);
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}${n}`;
    if (shared[name] === undefined || JSON.stringify(shared[name]) === text) return name;
  }
}
