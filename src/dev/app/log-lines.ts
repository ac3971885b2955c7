import { z } from 'zod';

const WARN = 40;
const pinoLine = z.object({
  level: z.number(),
  msg: z.string().optional(),
  err: z.object({ message: z.string() }).partial().optional(),
});

/** Returns the text to print for a line of a role's log: warnings and errors in short form, other output unchanged. */
export function selectPrintableLine(line: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return line.trim() ? line : undefined;
  }
  const entry = pinoLine.safeParse(parsed).data;
  if (!entry) return line;
  if (entry.level < WARN) return undefined;
  const name = entry.level > WARN ? 'error' : 'warning';
  return [name, entry.msg, entry.err?.message].filter(Boolean).join(': ');
}
