import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { completeMigration } from './partitions/complete-migration.ts';

/** Generates the one migration from `schema/` again (`npm run migration`). */
const folder = fileURLToPath(new URL('./migrations', import.meta.url));
const file = `${folder}/0000_schema.sql`;

rmSync(file, { force: true });
rmSync(`${folder}/meta`, { recursive: true, force: true });
execFileSync('npx', ['drizzle-kit', 'generate', '--name', 'schema'], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
writeFileSync(file, completeMigration(readFileSync(file, 'utf8')));
