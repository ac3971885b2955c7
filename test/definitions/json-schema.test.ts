import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import {
  BUNDLE_SCHEMA_PATH,
  bundleJsonSchema,
  serializeJsonSchema,
} from '../../src/definitions/json-schema.ts';

test('the published JSON Schema is up to date', async () => {
  const published = await readFile(new URL(`../../${BUNDLE_SCHEMA_PATH}`, import.meta.url), 'utf8');
  // If not: npx tsx -e "import('./src/definitions/json-schema.ts').then((m) => m.writeBundleJsonSchema())"
  expect(published).toBe(serializeJsonSchema(bundleJsonSchema()));
});
