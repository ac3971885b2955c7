import { Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Moves an error to `err`: the log writes the fields of an error only under that name. */
function toLogFields(meta: object | undefined): object {
  const { error, taskToken: _, ...rest } = (meta ?? {}) as { error?: unknown; taskToken?: unknown };
  return { ...rest, ...(error === undefined ? {} : { err: error }), sdk: true };
}

/** Routes the log of Temporal's SDK into ours. Call it once per process, before the first connection. */
export function installRuntime(log: Logger): void {
  const write = (level: keyof typeof LEVELS) => (message: string, meta?: object) => {
    // At every start the SDK reports its bundle and warns that the channels' workers register no workflows.
    const isRoutine = level === 'INFO' || message.startsWith('No workflows registered');
    log[isRoutine ? 'debug' : LEVELS[level]](toLogFields(meta), message);
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
