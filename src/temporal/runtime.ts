import { Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** An error's own fields are not enumerable: only under `err` does the log write them. */
function readable(meta: object | undefined): object {
  const { error, taskToken: _, ...rest } = (meta ?? {}) as { error?: unknown; taskToken?: unknown };
  return { ...rest, ...(error === undefined ? {} : { err: error }), sdk: true };
}

/** Sends what Temporal's SDK logs to our own log. Once per process, before the first connection. */
export function installRuntime(log: Logger): void {
  const write = (level: keyof typeof LEVELS) => (message: string, meta?: object) =>
    log[LEVELS[level]](readable(meta), message);
  Runtime.install({
    logger: {
      log: (level, message, meta) => write(level)(message, meta),
      trace: write('TRACE'),
      debug: write('DEBUG'),
      // At every start it reports the bundle it made and what each worker doesn't poll for.
      info: write('DEBUG'),
      // The channels' workers are for activities alone, which the SDK finds worth a warning each.
      warn: (message, meta) =>
        write(message.startsWith('No workflows registered') ? 'DEBUG' : 'WARN')(message, meta),
      error: write('ERROR'),
    },
    telemetryOptions: { logging: { filter: 'WARN', forward: {} } },
    shutdownSignals: [],
  });
}
