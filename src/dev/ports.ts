import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import getPort from 'get-port';

export const LOOPBACK = '127.0.0.1';

/** Finds a free port on the loopback address, `preferred` if that one is free. */
export function findFreePort(preferred?: number): Promise<number> {
  return getPort({ host: LOOPBACK, ...(preferred ? { port: preferred } : {}) });
}

/** Finds free ports, and stores them so that the next start uses the same ones if they are still free. */
export async function reservePorts(file: string, count: number): Promise<number[]> {
  const before = numbersIn(file);
  const ports: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const port = before[index];
    // Checked here and not by get-port, which withholds ports that this process has used before.
    ports.push(port && !ports.includes(port) && (await isPortFree(port)) ? port : await findFreePort());
  }
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${ports.join('\n')}\n`);
  return ports;
}

/** Whether the port is free on the loopback address. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: LOOPBACK, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

function numbersIn(file: string): number[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').map(Number);
  } catch {
    // The first start.
    return [];
  }
}
