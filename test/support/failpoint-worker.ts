import { readConfig } from '../../src/config.ts';
import { openService } from '../../src/service/service.ts';
import { startWorker } from '../../src/service/worker.ts';

/**
 * A worker in a process of its own, to be killed. `FAILPOINTS` maps a part of a delivery's id to the failpoint at which
 * that delivery stops forever. Each stop prints one line on standard output.
 */
const points = JSON.parse(process.env.FAILPOINTS ?? '{}') as Record<string, string>;
const service = openService(readConfig(process.env), 'worker-child');

await startWorker(service, {
  workflowBundle: { codePath: process.env.WORKFLOW_BUNDLE as string },
  async failpoint(name, id) {
    if (!Object.entries(points).some(([part, point]) => id.includes(part) && point === name)) return;
    console.log(`reached ${name} ${id}`);
    await new Promise(() => {});
  },
});
console.log('polling');
