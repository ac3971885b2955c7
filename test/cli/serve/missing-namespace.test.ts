import { randomBytes } from 'node:crypto';
import getPort from 'get-port';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ensureNamespace } from '../../../src/dev/temporal/namespace.ts';
import { type ChildProcessHandle, startChildProcess } from '../../support/child-process.ts';
import { buildProduct } from '../../support/product.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../../support/system.ts';

let system: TestSystem;
const children: ChildProcessHandle[] = [];
const namespace = `missing-${randomBytes(4).toString('hex')}`;

beforeAll(async () => {
  system = await startTestSystem({ worker: false, relay: false });
});
afterAll(async () => {
  await Promise.all(children.map((child) => child.kill()));
  await system?.stop();
});

interface LogLine {
  level: number;
  msg: string;
}
const readLog = (child: ChildProcessHandle): LogLine[] =>
  child.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);

test('roles name a missing namespace once, with how to create it, and go on by themselves once it exists', async () => {
  const script = buildProduct();
  const port = await getPort();
  const serve = async (roles: string[], env: Record<string, string> = {}) => {
    const child = await startChildProcess(system, script, { TEMPORAL_NAMESPACE: namespace, ...env }, [
      'serve',
      ...roles,
    ]);
    children.push(child);
    return child;
  };
  // The API is named last, and must not wait for the relay.
  const relay = await serve(['relay', 'api'], { PORT: String(port) });
  const worker = await serve(['worker']);
  const address = inject('temporalAddress');
  const message = `Temporal at ${address} has no namespace ${namespace}: create it with temporal operator namespace create --address ${address} -n ${namespace} --retention 72h, or set TEMPORAL_NAMESPACE. It is used as soon as it exists`;
  const isNamed = (child: ChildProcessHandle) => readLog(child).some(({ msg }) => msg === message);
  await waitUntil(async () => isNamed(relay) && isNamed(worker), 'both roles to name the namespace', 60_000);
  const readiness = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect(await readiness.json()).toMatchObject({ reasons: [{ code: 'temporal_away', detail: message }] });
  await system.accept({ name: 'Order Completed', userId: 'ada', properties: { order_id: 'o-1', total: 5 } });
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  for (const child of [relay, worker]) {
    const warnings = readLog(child).filter(({ level }) => level >= 40);
    expect(warnings.map(({ msg }) => msg)).toEqual([message]);
  }

  await ensureNamespace(system.client.connection as never, namespace, 30_000);
  const customer = await system.findCustomerId('ada');
  await waitUntil(
    async () => {
      const [row] = await system.db.db
        .sql`select processed_seq >= 1 as done from wakes where customer_id = ${customer}`;
      return row?.done === true;
    },
    'the event to be processed',
    60_000,
  );
}, 240_000);
