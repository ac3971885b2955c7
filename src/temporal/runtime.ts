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
  const write = (level: keyof typeof LEVELS) => (message: string, meta?: object) => {
    // At every start it tells of the bundle it made, and warns that the channels' workers are for activities alone.
    const chatter = level === 'INFO' || message.startsWith('No workflows registered');
    log[chatter ? 'debug' : LEVELS[level]](readable(meta), message);
  };
  Runtime.install({
    logger: {
      log: (level, message, meta) => write(level)(message, meta),
      trace: write('TRACE'),
      debug: write('DEBUG'),
      info: write('INFO'),
      warn: write('WARN'),
      error: write('ERROR'),
    },
    telemetryOptions: { logging: { filter: 'WARN', forward: {} } },
    shutdownSignals: [],
  });
}
