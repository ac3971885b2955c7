import type { DriverQuery } from './driver-query.ts';

/** Where each template stands in the code: the stack at its first use. There are as many as the code has templates. */
const origins = new WeakMap<object, { stack?: string }>();
const FRAMES = 5;

/** Notes who has called `tag` with a template. The driver's own note ends at the functions of this folder. */
export function noteOrigin(template: unknown, tag: (...args: unknown[]) => unknown): void {
  if (!Array.isArray(template) || !('raw' in template) || origins.has(template)) return;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const origin = {};
  Error.captureStackTrace(origin, tag);
  Error.stackTraceLimit = stackTraceLimit;
  origins.set(template, origin);
}

/** Adds to an error's stack where its query stands in the code: it was raised when an answer came, where nobody knows. */
export function addOrigin(error: unknown, { strings }: DriverQuery): void {
  const frames = origins.get(strings)?.stack?.split('\n').slice(1).join('\n');
  if (error instanceof Error && frames && !error.stack?.includes(frames))
    error.stack = `${error.stack}\n${frames}`;
}
