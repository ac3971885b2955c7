import { openDatabase } from '../../../db/client.ts';
import { createBundleCache } from '../../../db/config/bundle-cache.ts';
import { fanOut } from '../../../src/app/intake/fan-out.ts';
import { recompileBundle } from '../../../src/definitions/compile/recompile.ts';

/** Fans out in a process of its own, which the test kills: in its fourth page it stops, with the page's row locked. */
const read = createBundleCache((_, ...bundle) => recompileBundle(...bundle));
let pages = 0;
const intake = {
  db: openDatabase(process.env.DATABASE_URL as string, { name: 'relay-child' }),
  async bundles(...args: Parameters<typeof read>) {
    if (++pages <= 3) return read(...args);
    console.log('stalled');
    return new Promise<never>(() => {});
  },
};

console.log('running');
for (;;) if (!(await fanOut(intake, 7))) await new Promise((resolve) => setTimeout(resolve, 10));
