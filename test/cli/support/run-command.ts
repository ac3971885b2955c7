import { vi } from 'vitest';

/** What a command has printed. */
export interface Printed {
  out: string[];
  err: string[];
}

/** Runs a command in this process on a database, and returns the lines that it prints. */
export async function runCommand(databaseUrl: string, command: () => Promise<void>): Promise<Printed> {
  const printed: Printed = { out: [], err: [] };
  const add = (lines: string[]) => (text: unknown) => void lines.push(...String(text).split('\n'));
  vi.stubEnv('DATABASE_URL', databaseUrl);
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(add(printed.out)),
    vi.spyOn(console, 'error').mockImplementation(add(printed.err)),
    vi.spyOn(console, 'warn').mockImplementation(add(printed.err)),
  ];
  try {
    await command();
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
  return printed;
}
