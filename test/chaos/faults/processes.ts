import { setTimeout as sleep } from 'node:timers/promises';
import type { RoleName, Roles } from '../roles.ts';
import type { Fault, FaultContext } from './fault.ts';

const SECOND = 1_000;

/** `kill -9` of one process of a role, which is started again. */
function killRole(role: RoleName) {
  return async ({ stage: { roles }, random }: FaultContext) => {
    await roles.kill(random.pick(roles.list(role)));
    await roles.start(role);
  };
}

/** Every process of a role is told to stop and started again, one after the other. */
async function restartOneByOne(roles: Roles, role: RoleName): Promise<void> {
  for (const process of roles.list(role)) {
    await roles.stop(process);
    await roles.start(role);
  }
}

/** Faults of the product's own processes. */
export const processFaults: Fault[] = [
  { kind: 'worker killed', number: '1', tries: 2, spreadMs: 15 * SECOND, inject: killRole('worker') },
  {
    kind: 'api killed',
    number: '2',
    roles: { api: 2 },
    tries: 3,
    spreadMs: 15 * SECOND,
    inject: killRole('api'),
  },
  { kind: 'relay killed', number: '3', tries: 3, spreadMs: 15 * SECOND, inject: killRole('relay') },
  {
    kind: 'rolling restart',
    number: '4',
    roles: { api: 2, relay: 2, worker: 2 },
    tries: 1,
    spreadMs: 20 * SECOND,
    async inject({ stage: { roles } }) {
      for (const role of ['worker', 'relay', 'api'] as const) await restartOneByOne(roles, role);
    },
  },
  {
    kind: 'worker frozen',
    number: '1',
    tries: 2,
    spreadMs: 25 * SECOND,
    // Longer than a workflow task may take, so that tasks time out while their worker holds them.
    async inject({ stage: { roles }, random }) {
      const [worker] = roles.list('worker');
      worker?.child.freeze();
      await sleep(random.between(11, 14) * SECOND);
      worker?.child.thaw();
    },
  },
  {
    kind: 'worker clock wrong',
    number: '13',
    tries: 2,
    spreadMs: 15 * SECOND,
    async inject({ stage: { roles }, random }) {
      await Promise.all(roles.list('worker').map((process) => roles.stop(process)));
      const shift = random.pick([-3_600_000, 3_600_000]);
      await roles.start('worker', {
        CLOCK_SHIFT_MS: String(shift),
        NODE_OPTIONS: `--import ${new URL('../shifted-clock.mjs', import.meta.url).href}`,
      });
      await sleep(4 * SECOND);
      await Promise.all(roles.list('worker').map((process) => roles.stop(process)));
      await roles.start('worker');
    },
  },
];
