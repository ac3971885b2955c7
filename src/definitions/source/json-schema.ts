import { z } from 'zod';
import { bundleDocument } from './schema.ts';

/** Path of the published schema from the repository's root. */
export const BUNDLE_SCHEMA_PATH = 'docs/bundle.schema.json';

/** The JSON Schema (2020-12) of a bundle's YAML files, generated from the schema that bundles are compiled with. */
export function bundleJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(bundleDocument, { io: 'input' }), title: 'Throughline bundle' };
}

/** The file's exact text. */
export function serializeJsonSchema(schema: Record<string, unknown>): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
