import { openDatabase } from '../../db/client.ts';
import { learn, learnDeps } from '../app/jobs/learn/learn-shop.ts';

/**
 * A learner in a process of its own, which the test kills. It stops at `POINT` of page `PAGE`: `learning` before the
 * page's commit, `learned` after it.
 */
const { DATABASE_URL, POINT, PAGE, REWARDS } = process.env as Record<string, string>;
let reached = 0;
const deps = learnDeps(openDatabase(DATABASE_URL as string, { name: 'learn-child', max: 2 }), {
  async failpoint(name) {
    if (name !== POINT || ++reached < Number(PAGE)) return;
    console.log('reached');
    await new Promise(() => {});
  },
});
console.log('running');
await learn(deps, undefined, { rewards: Number(REWARDS), deltas: 100 });
console.log('done');
