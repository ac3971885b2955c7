import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import getPort from 'get-port';

export const LOOPBACK = '127.0.0.1';

/** Finds a free port on the loopback address, `preferred` if that one is free. */
export function findFreePort(preferred?: number): Promise<number> {
  return getPort({ host: LOOPBACK, ...(preferred ? { port: preferred } : {}) });
}

/** Some programs keep ports as signed numbers of 16 bits. */
const HIGHEST_SMALL_PORT = 32_767;
const LOWEST_SMALL_PORT = 15_000;

/** Finds a free port that fits into 15 bits. A random one, so that two processes seldom try the same. */
async function findSmallPort(): Promise<number> {
  for (;;) {
    const port = LOWEST_SMALL_PORT + Math.floor(Math.random() * (HIGHEST_SMALL_PORT - LOWEST_SMALL_PORT + 1));
    if (await isPortFree(port)) return port;
  }
}

/**
 * Finds free ports, and stores them so that the next start uses the same ones if they are still free.
 * @param options.small only ports that fit into 15 bits
 */
export async function reservePorts(
  file: string,
  count: number,
  { small = false }: { small?: boolean } = {},
): Promise<number[]> {
  const fits = (port: number | undefined) => port !== undefined && (!small || port <= HIGHEST_SMALL_PORT);
  const before = numbersIn(file);
  const ports: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const port = before[index];
    // Checked here and not by get-port, which withholds ports that this process has used before.
    const isUsable = port && fits(port) && !ports.includes(port) && (await isPortFree(port));
    ports.push(isUsable ? port : await (small ? findSmallPort() : findFreePort()));
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
