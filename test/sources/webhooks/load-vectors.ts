import { readdirSync } from 'node:fs';
import path from 'node:path';
import { WEBHOOK_KIND_IDS } from '../../../src/sources/webhooks/kinds.ts';
import { ROOT } from '../../support/paths.ts';
import type { KindVectors } from './kind-vectors.ts';

const FOLDER = path.join(ROOT, 'test/sources/webhooks/vectors');

/** The vectors of every kind, from `vectors/<kind>.ts`. @throws Error if a kind has none */
export async function loadVectors(): Promise<KindVectors[]> {
  const files = readdirSync(FOLDER);
  const missing = WEBHOOK_KIND_IDS.filter((id) => !files.includes(`${id}.ts`));
  if (missing.length > 0) throw new Error(`test/sources/webhooks/vectors has no ${missing.join('.ts, ')}.ts`);
  return Promise.all(
    files.map(async (file) => ((await import(path.join(FOLDER, file))) as { default: KindVectors }).default),
  );
}
