import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_DIR } from './compiled.ts';

/** The version in package.json. */
export const VERSION: string = JSON.parse(
  readFileSync(path.join(PACKAGE_DIR, 'package.json'), 'utf8'),
).version;
