import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertLoopback } from '../loopback.ts';
import { readMemoryMb } from '../observe.ts';
import type { Part } from '../part.ts';

const SOCKETS = 2_000;
const BURST = 50;
const WATCH_MS = 12_000;
const MAX_MEMORY_MB = 500;
/** Of an API that earlier parts have made larger. */
const MAX_GROWTH_MB = 150;
/** What each of them asks for: more than the system's buffers take, and not more requests than may wait. */
const REQUESTS = ['/docs/swagger-ui-bundle.js.map', '/openapi.json', '/docs/swagger-ui-bundle.js']
  .map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
  .join('')
  .repeat(3);

/** Clients that ask for much and read nothing. */
export const slowReaders: Part = {
  name: 'slow-readers',
  what: `${SOCKETS.toLocaleString('en')} sockets that never read`,
  share: null,
  async run({ target, tally, short }) {
    const { hostname, port } = assertLoopback(target.url);
    const count = short ? SOCKETS / 10 : SOCKETS;
    const before = target.apiPid === undefined ? 0 : readMemoryMb(target.apiPid);
    const sockets: net.Socket[] = [];
    for (let index = 0; index < count; index++) {
      const socket = net.connect(Number(port), hostname).on('error', () => {});
      socket.pause().write(REQUESTS);
      sockets.push(socket);
      // The system's queue of new connections is short.
      if (index % BURST === 0) await sleep(5);
    }
    tally.tried += count;
    let memoryMb = 0;
    for (const until = performance.now() + WATCH_MS; performance.now() < until; await sleep(200))
      if (target.apiPid !== undefined) memoryMb = Math.max(memoryMb, readMemoryMb(target.apiPid));
    if (memoryMb > Math.max(MAX_MEMORY_MB, before + MAX_GROWTH_MB)) {
      const growth = `from ${Math.round(before)} to ${Math.round(memoryMb)} MB`;
      tally.report(`the memory of the API grew ${growth}`, `${count} sockets`);
    }
    for (const socket of sockets) socket.destroy();
  },
};
