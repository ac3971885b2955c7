import { Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Sends what Temporal's SDK logs to our own log. Once per process, before the first connection. */
export function installRuntime(log: Logger): void {
  const write = (level: keyof typeof LEVELS) => (message: string, meta?: object) =>
    log[LEVELS[level]]({ ...meta, sdk: true }, message);
  Runtime.install({
    logger: {
      log: (level, message, meta) => write(level)(message, meta),
      trace: write('TRACE'),
      debug: write('DEBUG'),
      // At every start it reports the bundle it made and what each worker doesn't poll for.
      info: write('DEBUG'),
      warn: write('WARN'),
      error: write('ERROR'),
    },
    telemetryOptions: { logging: { filter: 'WARN', forward: {} } },
    shutdownSignals: [],
  });
}
