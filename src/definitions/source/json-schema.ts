import { z } from 'zod';
import { bundleDocument } from './schema.ts';

/** Where the published schema stands, from the repository's root. */
export const BUNDLE_SCHEMA_PATH = 'docs/bundle.schema.json';

/** The JSON Schema (2020-12) of a bundle's YAML files, made from the one schema that apply checks with. */
export function bundleJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(bundleDocument, { io: 'input' }), title: 'Throughline bundle' };
}

/** The file's exact text. */
export function serializeJsonSchema(schema: Record<string, unknown>): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
