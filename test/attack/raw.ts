import net from 'node:net';
import { assertLoopback } from './loopback.ts';

const LONGEST_MS = 4_000;
/** After the last byte of an answer: another one would follow at once. */
const QUIET_MS = 150;

/** Sends bytes as they are on a connection of its own. Returns all that comes back until it ends or is quiet. */
export function sendRaw(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = assertLoopback(url);
  return new Promise((resolve) => {
    let text = '';
    const socket = net.connect(Number(port), hostname);
    let timer = setTimeout(() => socket.destroy(), LONGEST_MS);
    socket.on('connect', () =>
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    );
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), QUIET_MS);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

/** The statuses of the answers in what `sendRaw` returned. */
export function readStatuses(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map((match) => Number(match[1]));
}
