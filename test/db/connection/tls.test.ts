import net from 'node:net';
import tls from 'node:tls';
import { expect, inject, test } from 'vitest';
import { openDatabase } from '../../../db/client.ts';

/** Made for this test: `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500`. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7zkUlObFrDo+Y+Dq
842Q3L78UEFlRvs4bSUveapcOaahRANCAAR6hAQBhfSFXGdHbGhH3bE6hMZToONH
D06e7LAUfEc+J3+Ws+2EkL6fdP5P4F/fnGyikzjMSTi8K1NzPTVFSGMg
-----END PRIVATE KEY-----`;
const CERT = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUUbO3i09Ax9CX+iT+fQhzhWOLELkwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODIyMDE0N1oYDzIxMjYxMTA0
MjIwMTQ3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR6hAQBhfSFXGdHbGhH3bE6hMZToONHD06e7LAUfEc+J3+Ws+2EkL6f
dP5P4F/fnGyikzjMSTi8K1NzPTVFSGMgo2kwZzAdBgNVHQ4EFgQUixMvyVAIWzwD
XyjuqPvmXhMi47UwHwYDVR0jBBgwFoAUixMvyVAIWzwDXyjuqPvmXhMi47UwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIhALcDluToi2rwoFU4OoE+GuBTO2GXgRj4XTIH0cAqSAu3AiANzSxgV5I/
UTmzhiI2kw/msfT5mIC0SxHtWf1S7qS0Fw==
-----END CERTIFICATE-----`;

/** A server that speaks TLS, or refuses to, in front of Postgres. Says whether what passed was encrypted. */
async function startTlsServer(offersTls: boolean) {
  const { hostname, port } = new URL(inject('databaseUrl'));
  const encrypted: boolean[] = [];
  const sockets = new Set<net.Socket>();
  const serve = (client: net.Socket, isEncrypted: boolean) => {
    const server = net.connect({ host: hostname, port: Number(port) });
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => [client, server].map((each) => each.destroy()));
    }
    encrypted.push(isEncrypted);
    client.pipe(server).pipe(client);
  };
  const listener = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (first) => {
      const wantsTls = first.length === 8;
      if (!wantsTls) {
        socket.pause();
        socket.unshift(first);
        return serve(socket, false);
      }
      socket.write(offersTls ? 'S' : 'N');
      if (offersTls) return serve(new tls.TLSSocket(socket, { isServer: true, key: KEY, cert: CERT }), true);
      serve(socket, false);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = new URL(inject('databaseUrl'));
  url.port = String((listener.address() as net.AddressInfo).port);
  return {
    encrypted,
    async connect(sslmode: string) {
      url.searchParams.set('sslmode', sslmode);
      const db = openDatabase(url.href, { max: 1 });
      try {
        return await db.sql`select 1 as one`;
      } finally {
        await db.close();
      }
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => listener.close(resolve));
    },
  };
}

test('sslmode decides between TLS, no TLS and no connection', async () => {
  const server = await startTlsServer(true);
  const plain = await startTlsServer(false);
  try {
    expect(await server.connect('require')).toEqual([{ one: 1 }]);
    expect(await server.connect('prefer')).toEqual([{ one: 1 }]);
    expect(await server.connect('disable')).toEqual([{ one: 1 }]);
    expect(server.encrypted).toEqual([true, true, false]);
    // The certificate is signed by nobody.
    await expect(server.connect('verify-full')).rejects.toThrow('self-signed certificate');
    expect(await plain.connect('prefer')).toEqual([{ one: 1 }]);
    await expect(plain.connect('require')).rejects.toThrow('the database offers no TLS');
    expect(plain.encrypted).toContain(false);
  } finally {
    await server.stop();
    await plain.stop();
  }
});
