import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { WEBHOOK_KIND_IDS } from '../../src/sources/webhooks/kinds.ts';
import { compileWith, problemsOf } from '../definitions/bundle-files.ts';
import { ROOT } from '../support/paths.ts';

const page = readFileSync(path.join(ROOT, 'docs/sources.md'), 'utf8');
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text as string);

test('every example of docs/sources.md compiles', () => {
  expect(examples.length).toBeGreaterThan(1);
  for (const example of examples) {
    const result = compileWith({ 'sources.yaml': example });
    expect(result.ok ? [] : problemsOf(result), example).toEqual([]);
  }
});

test('docs/sources.md has a table for each kind', () => {
  const sections = page.split(/^## /m).slice(1);
  const described = sections
    .filter((section) => /^\| /m.test(section))
    .map((section) => section.split('\n')[0]?.toLowerCase().replaceAll(' ', '-'));
  expect(WEBHOOK_KIND_IDS.filter((id) => !described.includes(id))).toEqual([]);
});
