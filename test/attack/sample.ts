import { type OpenApi, resolveSchema, type Schema } from './openapi.ts';

const DEEPEST = 6;
const TIME = '2026-01-01T00:00:00Z';

/** A value that fits a schema: what is required, and nothing more. Values by property name come first. */
export function sampleOf(
  document: OpenApi,
  schema: Schema,
  named: Record<string, unknown> = {},
  depth = 0,
): unknown {
  const resolved = resolveSchema(document, schema);
  const one = resolved.anyOf?.[0] ?? resolved.oneOf?.[0];
  if (one) return sampleOf(document, one, named, depth);
  if (resolved.const !== undefined) return resolved.const;
  if (resolved.enum) return resolved.enum[0];
  if (resolved.allOf)
    return Object.assign({}, ...resolved.allOf.map((each) => sampleOf(document, each, named, depth)));
  const type = Array.isArray(resolved.type) ? resolved.type[0] : resolved.type;
  if (type === 'object' || resolved.properties) {
    const { properties = {}, required = [] } = resolved;
    if (depth > DEEPEST) return {};
    return Object.fromEntries(
      required.map((name) => [
        name,
        name in named ? named[name] : sampleOf(document, properties[name] ?? {}, named, depth + 1),
      ]),
    );
  }
  if (type === 'array')
    return Array.from({ length: resolved.minItems ?? 0 }, () =>
      sampleOf(document, resolved.items ?? {}, named, depth + 1),
    );
  if (type === 'integer' || type === 'number') return resolved.minimum ?? 1;
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  return sampleText(resolved);
}

function sampleText({ format, minLength = 1 }: Schema): string {
  if (format === 'date-time') return TIME;
  if (format === 'date') return TIME.slice(0, 10);
  if (format === 'email') return 'x@example.com';
  return 'x'.repeat(Math.max(1, minLength));
}
