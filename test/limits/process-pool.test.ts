import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { PoolBusy, type PoolLimits, ProcessLimitError, ProcessPool } from '../../src/limits/process-pool.ts';

const CHILD = new URL('./pool-child.ts', import.meta.url);
const LIMITS: PoolLimits = {
  processes: 2,
  ms: 1_000,
  heapMb: 64,
  waiting: 4,
  waitingOfOwner: 2,
  idleMs: 60_000,
};
const pools: ProcessPool<string, unknown>[] = [];

function createPool(limits: Partial<PoolLimits> = {}) {
  const pool = new ProcessPool<string, unknown>(CHILD, { ...LIMITS, ...limits });
  pools.push(pool);
  return pool;
}

afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: Error) => error,
  );

test('work is answered, and what fails by itself fails with its stack', async () => {
  const pool = createPool();
  expect(await pool.run('a', 'echo')).toBe('echo');
  expect((await errorOf(pool.run('a', 'fail')))?.message).toContain('it failed');
  expect(await pool.run('a', 'echo')).toBe('echo');
});

test('fault 30: work that never ends is ended, and names its place; the next work is done', async () => {
  const pool = createPool();
  const error = await errorOf(pool.run('a', 'loop'));
  expect(error).toBeInstanceOf(ProcessLimitError);
  expect(error).toMatchObject({ message: 'takes longer than 1 s', place: 'loop' });
  expect(await pool.run('a', 'echo')).toBe('echo');
});

test.each(['array', 'objects'])('security 2: %s that fill the heap end their process only', async (name) => {
  const pool = createPool({ ms: 60_000 });
  const error = await errorOf(pool.run('a', name));
  expect(error).toBeInstanceOf(ProcessLimitError);
  expect(error).toMatchObject({ message: 'needs more than 64 MB of memory', place: name });
  expect(await pool.run('a', 'echo')).toBe('echo');
});

test('one owner never has both processes, and others are served while its work runs', async () => {
  const pool = createPool({ ms: 8_000 });
  const ended: string[] = [];
  const loop = errorOf(pool.run('greedy', 'loop')).then(() => ended.push('loop'));
  const second = errorOf(pool.run('greedy', 'pause')).then(() => ended.push('second of greedy'));
  for (let n = 0; n < 3; n++) await pool.run('other', 'echo').then(() => ended.push('other'));
  expect(ended).toEqual(['other', 'other', 'other']);
  await Promise.all([loop, second]);
  expect(ended.slice(3)).toEqual(['loop', 'second of greedy']);
});

test('work that would wait behind too much is refused at once, unless it is patient', async () => {
  const pool = createPool({ processes: 1 });
  const running = pool.run('a', 'pause');
  const ofA = [pool.run('a', 'echo'), pool.run('a', 'echo')];
  expect(await errorOf(pool.run('a', 'echo'))).toBeInstanceOf(PoolBusy);
  const ofB = [pool.run('b', 'echo'), pool.run('b', 'echo')];
  expect(await errorOf(pool.run('c', 'echo'))).toBeInstanceOf(PoolBusy);
  expect(await pool.run('c', 'echo', true)).toBe('echo');
  await Promise.all([running, ...ofA, ...ofB]);
});

test('the environment of the process has no secret', async () => {
  vi.stubEnv('POOL_TEST_SECRET', 'secret');
  expect(await createPool().run('a', 'environment')).toBeNull();
});

test('closing ends work and processes', async () => {
  const pool = createPool();
  const pid = (await pool.run('a', 'pid')) as number;
  const running = errorOf(pool.run('a', 'loop'));
  await pool.close();
  expect(await running).toBeInstanceOf(PoolBusy);
  expect(isAlive(pid)).toBe(false);
  expect(await errorOf(pool.run('a', 'echo'))).toBeInstanceOf(PoolBusy);
});

test('an idle process ends', async () => {
  const pool = createPool({ idleMs: 100 });
  const pid = (await pool.run('a', 'pid')) as number;
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5_000);
  expect(await pool.run('a', 'echo')).toBe('echo');
});

test('a process whose parent was killed ends, whatever it works on', async () => {
  const parent = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('./pool-parent-child.ts', import.meta.url))],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000, interval: 100 });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
