import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  BUNDLE_SCHEMA_PATH,
  bundleJsonSchema,
  serializeJsonSchema,
} from '../../../src/definitions/source/json-schema.ts';
import { readBundleDir } from '../../../src/definitions/source/read-directory.ts';
import { bundleDocument } from '../../../src/definitions/source/schema.ts';
import { AROMA } from '../../support/paths.ts';

test('docs/bundle.schema.json is up to date', async () => {
  const published = await readFile(new URL(`../../../${BUNDLE_SCHEMA_PATH}`, import.meta.url), 'utf8');
  // If not: npm run docs
  expect(published).toBe(serializeJsonSchema(bundleJsonSchema()));
});

test('the JSON Schema accepts all files of the example', async () => {
  const files = (await readBundleDir(AROMA)).filter(({ path }) => path.endsWith('.yaml'));
  for (const { path, text } of files) {
    for (const document of parseAllDocuments(text))
      expect([path, bundleDocument.safeParse(document.toJS()).success]).toEqual([path, true]);
  }
  expect(bundleDocument.safeParse({ id: 'x', owner: 'y', steps: [] }).success).toBe(false);
});
