import { setTimeout as sleep } from 'node:timers/promises';
import { sayPlace, serveProcess } from '../../src/limits/serve-process.ts';

/** What the process of the test can do. */
const WORK: Record<string, () => unknown> = {
  echo: () => 'echo',
  environment: () => process.env.POOL_TEST_SECRET ?? null,
  pid: () => process.pid,
  fail: () => {
    throw new Error('it failed');
  },
  pause: () => sleep(300),
  loop: () => {
    for (;;) Math.random();
  },
  // One allocation beyond the limit: V8 ends a process for it, not the thread.
  array: () => {
    const numbers: number[] = [];
    for (;;) numbers.push(1.5);
  },
  objects: () => {
    const objects: object[] = [];
    for (;;) objects.push({ a: {} });
  },
};

serveProcess(async (name: string) => {
  sayPlace(`before ${name}`);
  sayPlace(name);
  return WORK[name]?.();
});
