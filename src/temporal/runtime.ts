import { createServer } from 'node:net';
import { IllegalStateError, type MetricsExporterConfig, Runtime } from '@temporalio/worker';
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
 * The runtime of Temporal's SDK in this process, with its log routed into ours. The SDK ends it by itself when a first
 * connection fails, and would go on with one that has neither our log nor our metrics.
 */
export class SdkRuntime {
  private runtime: Runtime;
  private readonly log: Logger;
  private readonly metricsAddress: string | null;

  private constructor(runtime: Runtime, log: Logger, metricsAddress: string | null) {
    this.runtime = runtime;
    this.log = log;
    this.metricsAddress = metricsAddress;
  }

  /**
   * Installs the runtime. Call it once per process, before the first connection.
   * @param options.metrics whether the SDK keeps metrics. Its core can only serve them itself: it does so on a free port
   * that only this machine reaches
   */
  static async install(log: Logger, options: { metrics: boolean }): Promise<SdkRuntime> {
    if (!options.metrics) return new SdkRuntime(install(log, null), log, null);
    for (let tries = 1; ; tries++) {
      const address = `${LOOPBACK}:${await findFreePort()}`;
      try {
        return new SdkRuntime(install(log, address), log, address);
      } catch (error) {
        // Another process may have taken the port in between.
        if (tries === PORT_TRIES) throw error;
      }
    }
  }

  /** Where the SDK serves its metrics; null: nowhere. */
  get metricsUrl(): string | null {
    return this.metricsAddress === null ? null : `http://${this.metricsAddress}/metrics`;
  }

  /** Installs the runtime again if the SDK has ended it. Call it before each try to start workers. */
  ensure(): void {
    try {
      this.runtime = install(this.log, this.metricsAddress);
    } catch (error) {
      if (!(error instanceof IllegalStateError)) throw error;
    }
  }

  /** Ends the runtime. One that no worker has used would keep the process alive. */
  async close(): Promise<void> {
    await this.runtime.shutdown();
  }
}

/** @throws IllegalStateError if a runtime is installed */
function install(log: Logger, metricsAddress: string | null): Runtime {
  const write = (level: keyof typeof LEVELS) => (message: string, meta?: object) => {
    // At every start the SDK reports its bundle and warns that the channels' workers register no workflows.
    const isRoutine = level === 'INFO' || message.startsWith('No workflows registered');
    log[isRoutine ? 'debug' : LEVELS[level]](toLogFields(meta), message);
  };
  return Runtime.install({
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
