import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertLoopback } from '../loopback.ts';
import type { Part } from '../part.ts';

const SOCKETS = 400;
const DRIP_MS = 700;
/** A request has to be complete after 15 s, and its headers after 5 s; the rest is the machine's. */
const LONGEST_MS = 22_000;

/** What a socket sends at first, and then again and again. */
const WAYS: { name: string; first: string; drip: string }[] = [
  { name: 'half-open, nothing sent', first: '', drip: '' },
  { name: 'a request line that does not end', first: 'GET /heal', drip: '' },
  { name: 'headers that do not end', first: 'POST /v1/track HTTP/1.1\r\nHost: x\r\n', drip: 'X-A: b\r\n' },
  { name: 'headers, byte by byte', first: 'POST /v1/track HTTP/1.1\r\nX-A: ', drip: 'a' },
  {
    name: 'a body that does not come',
    first:
      'POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    drip: '',
  },
  {
    name: 'a body, byte by byte',
    first:
      'POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{',
    drip: ' ',
  },
  {
    name: 'chunks, byte by byte',
    first:
      'POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    drip: '1\r\n \r\n',
  },
];

/** Senders who never finish are cut off. */
export const slowSenders: Part = {
  name: 'slow-senders',
  what: 'half-open sockets, slow headers and bodies',
  share: null,
  async run({ target, tally }) {
    const { hostname, port } = assertLoopback(target.url);
    const began = performance.now();
    const sockets = Array.from({ length: SOCKETS }, (_, index) => {
      const way = WAYS[index % WAYS.length] as (typeof WAYS)[number];
      const socket = net.connect(Number(port), hostname).on('error', () => {});
      socket.resume().write(way.first);
      socket.once('close', () => {
        tally.slowestMs = Math.max(tally.slowestMs, performance.now() - began);
      });
      return { way, socket };
    });
    tally.tried += SOCKETS;
    const left = () => sockets.filter(({ socket }) => !socket.destroyed);
    while (left().length > 0 && performance.now() - began < LONGEST_MS) {
      for (const { way, socket } of left()) if (way.drip !== '' && socket.writable) socket.write(way.drip);
      await sleep(DRIP_MS);
    }
    for (const { name } of WAYS) {
      const count = left().filter(({ way }) => way.name === name).length;
      if (count > 0) tally.report(`${count} sockets are still open after ${LONGEST_MS / 1_000} s`, name);
    }
    for (const { socket } of sockets) socket.destroy();
  },
};
