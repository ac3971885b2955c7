import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { RenewingConnection } from '../../src/temporal/renewing-connection.ts';
import { waitUntil } from '../support/system.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

let proxy: TcpProxy;
beforeAll(async () => {
  const [host = '', port] = inject('temporalAddress').split(':');
  proxy = await startTcpProxy({ host, port: Number(port) });
});
afterAll(() => proxy?.stop());

test('fault 8: a connection to Temporal whose packets are lost for good is replaced', async () => {
  const connection = new RenewingConnection({ address: `127.0.0.1:${proxy.port}` });
  const isAnswered = () =>
    connection
      .withDeadline(Date.now() + 1_000, () => connection.workflowService.getSystemInfo({}))
      .then(
        () => true,
        () => false,
      );
  expect(await isAnswered()).toBe(true);
  await proxy.set('lost');
  // Connections that are begun meanwhile are lost, too.
  for (let n = 0; n < 3; n++) expect(await isAnswered()).toBe(false);
  await proxy.set('up');
  await waitUntil(isAnswered, 'an answer', 5_000);
  await connection.close();
}, 30_000);
