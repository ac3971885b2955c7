import { runJob } from '../../../../src/app/jobs/run-job.ts';
import { readConfig } from '../../../../src/config.ts';
import { createActivityDeps } from '../../../../src/service/activity-deps.ts';
import { openService } from '../../../../src/service/service.ts';

/** Fits a workspace in a separate process, and blocks at `FAILPOINT` until it is killed. */
const service = openService(readConfig(process.env), 'fit-child');
const deps = {
  ...createActivityDeps(service, []),
  async failpoint(name: string) {
    if (name !== process.env.FAILPOINT) return;
    console.log(`reached ${name}`);
    await new Promise(() => {});
  },
};
await runJob(deps, { job: 'fit', workspace: 'aroma', now: Number(process.env.NOW) });
console.log('done');
