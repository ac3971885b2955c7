import { openDatabase } from '../../../db/client.ts';
import { createBundleCache } from '../../../db/config/bundle-cache.ts';
import type { JobDeps } from '../../../src/app/jobs/job.ts';
import { countReports } from '../../../src/app/reports/count/count-reports.ts';
import { recompileBundle } from '../../../src/definitions/compile/recompile.ts';

/**
 * Counts the reports of a workspace in a process of its own, which the test kills. It stops at `POINT` of page `PAGE`:
 * `counting` before the page's commit, `counted` after it; without a point it only says how far it is.
 */
const { DATABASE_URL, WORKSPACE, NOW, POINT, PAGE } = process.env as Record<string, string>;
let pages = 0;
const deps = {
  db: openDatabase(DATABASE_URL as string, { name: 'count-child', max: 2 }),
  bundles: createBundleCache((_, ...bundle) => recompileBundle(...bundle)),
  async failpoint(name: string) {
    if (name === 'counted') console.log(`page ${++pages}`);
    const page = name === 'counted' ? pages : pages + 1;
    if (name !== POINT || page < Number(PAGE)) return;
    console.log('reached');
    await new Promise(() => {});
  },
} as unknown as JobDeps;
while ((await countReports(deps, { workspace: WORKSPACE as string, now: Number(NOW) })).more);
console.log('done');
process.exit();
