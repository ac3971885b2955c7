import { createServer } from 'node:net';
import { type MetricsExporterConfig, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Moves an error to `err`: the log writes the fields of an error only under that name. */
function toLogFields(meta: object | undefined): object {
  const { error, taskToken: _, ...rest } = (meta ?? {}) as { error?: unknown; taskToken?: unknown };
  return { ...rest, ...(error === undefined ? {} : { err: error }), sdk: true };
}

const LOOPBACK = '127.0.0.1';
const PORT_TRIES = 5;

/**
 * Routes the log of Temporal's SDK into ours. Call it once per process, before the first connection.
 * @param options.metrics whether the SDK keeps metrics. Its core can only serve them itself: it does so on a free port
 * that only this machine reaches
 * @returns the URL of the metrics; null if it keeps none
 */
export async function installRuntime(log: Logger, options: { metrics: boolean }): Promise<string | null> {
  if (!options.metrics) {
    install(log, null);
    return null;
  }
  for (let tries = 1; ; tries++) {
    const address = `${LOOPBACK}:${await findFreePort()}`;
    try {
      install(log, address);
      return `http://${address}/metrics`;
    } catch (error) {
      // Another process may have taken the port in between.
      if (tries === PORT_TRIES) throw error;
    }
  }
}

function install(log: Logger, metricsAddress: string | null): void {
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
    telemetryOptions: {
      logging: { filter: 'WARN', forward: {} },
      ...(metricsAddress === null ? {} : { metrics: exportTo(metricsAddress) }),
    },
    shutdownSignals: [],
  });
}

/** Names as Prometheus recommends them: seconds, and `_total` for counters. */
function exportTo(bindAddress: string): MetricsExporterConfig {
  return {
    prometheus: {
      bindAddress,
      countersTotalSuffix: true,
      unitSuffix: true,
      useSecondsForDurations: true,
    },
    attachServiceName: false,
  };
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
