import { runJob } from '../../src/activities/jobs/index.ts';
import { readConfig } from '../../src/config.ts';
import { openService } from '../../src/service/deps.ts';
import { activityDeps } from '../../src/service/worker.ts';

/** Fits a workspace in a process of its own, and stands still for ever at `FAILPOINT`. */
const service = openService(readConfig(process.env), 'fit-child');
const deps = {
  ...activityDeps(service, []),
  async failpoint(name: string) {
    if (name !== process.env.FAILPOINT) return;
    console.log(`reached ${name}`);
    await new Promise(() => {});
  },
};
await runJob(deps, { job: 'fit', workspace: 'aroma', now: Number(process.env.NOW) });
console.log('done');
