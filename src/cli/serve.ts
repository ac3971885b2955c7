import { type Config, readConfig } from '../config.ts';
import { suggestName } from '../content/nearest-name.ts';
import { ROLES, type Role } from '../metrics/declaration.ts';
import { type HealthOptions, type HealthServer, serveHealth } from '../service/health/serve-health.ts';
import { watchClock } from '../service/metrics/sample-process.ts';
import { openService, type RunningRole, type Service } from '../service/service.ts';
import { startTracing } from '../tracing/start-tracing.ts';
import { UserError } from '../user-error.ts';
import { VERSION } from '../version.ts';
import { describePortProblem } from './describe-port-problem.ts';
import { waitForNamespace } from './wait-for-namespace.ts';
import { waitForSchema } from './wait-for-schema.ts';

type StartRole = (service: Service) => Promise<RunningRole>;

/** Each role is imported only where it runs: most of what takes its time to load is needed by one of them. */
const STARTERS: Record<Role, () => Promise<StartRole>> = {
  api: async () => (await import('../service/api.ts')).startApi,
  relay: async () => (await import('../service/relay.ts')).startRelay,
  worker: async () => (await import('../service/worker.ts')).startWorker,
};

/** The longest pause between tries to reach a server. */
const MAX_PAUSE_MS = 5_000;

/**
 * Runs roles in this process until SIGTERM or SIGINT, then lets work in progress finish. If a server is not reachable
 * yet, the role tries again. If it crashed instead, its supervisor would have to do the same.
 */
export async function serveCommand(names: string[]): Promise<void> {
  const unknown = names.find((name) => !(name in STARTERS));
  if (unknown)
    throw new UserError(`there is no role ${unknown}: use ${ROLES.join(', ')}${suggestName(unknown, ROLES)}`);
  const roles = names as Role[];
  const config = readConfigOrExplain();
  const service = openService(config, names.join('+'), roles);
  // tsx and NODE_OPTIONS may turn source maps on. The SDK captures a stack per promise of a workflow, and resolving it in
  // source maps costs more than the promise.
  process.setSourceMapsEnabled(false);
  const isServed = config.healthPort !== null;
  const sdk = roles.includes('worker')
    ? await (await import('../temporal/runtime.ts')).SdkRuntime.install(service.log, { metrics: isServed })
    : null;
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());

  const tracing = await startTracing(names.join('+'), VERSION);
  const health = await startHealth(service, { roles, sdkMetricsUrl: sdk?.metricsUrl ?? null });
  await waitForSchema(service, stopping.signal);
  const running: RunningRole[] = [];
  for (const name of sortRoles(roles)) {
    // The API accepts events without Temporal.
    if (name !== 'api') await waitForNamespace(service, stopping.signal);
    const start = await STARTERS[name]();
    const tryToStart: StartRole = (service) => {
      if (name === 'worker') sdk?.ensure();
      return start(service);
    };
    const role = await startWithRetries(service, name, tryToStart, stopping.signal);
    if (role) running.push(role);
  }
  if (!stopping.signal.aborted) {
    service.health.setReady(true);
    service.log.info({ roles: names }, 'serving');
    await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  }
  service.log.info('stopping after the work in progress');
  service.health.setReady(false);
  for (const role of running) await role.stop();
  await service.close();
  await sdk?.close();
  await tracing?.stop();
  await health?.stop();
}

/** The API first: it must not wait for a server that only the others need. */
function sortRoles(names: Role[]): Role[] {
  return ROLES.filter((role) => names.includes(role));
}

async function startHealth(
  { db, health, metrics, config: { host, healthPort: port } }: Service,
  served: Pick<HealthOptions, 'roles' | 'sdkMetricsUrl'>,
): Promise<HealthServer | null> {
  if (port === null) return null;
  metrics.instruments.throughline_build_info.set({ version: VERSION }, 1);
  metrics.collectProcessMetrics();
  watchClock(metrics, db);
  try {
    return await serveHealth(health, { host, port, metrics, ...served });
  } catch (error) {
    const problem = describePortProblem({ variable: 'HEALTH_PORT', host, port }, error);
    throw new UserError(
      problem ?? `port ${port} can't be used: set HEALTH_PORT (${(error as Error).message})`,
    );
  }
}

function readConfigOrExplain(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    const problems = (error as Error).message.replaceAll('\n', '\n  ');
    throw new UserError(
      `variables of the environment are missing or wrong (see docs/reference/configuration.md)\n  ${problems}`,
    );
  }
}

/** Whether a server can't listen; a connection that can't be made has codes of the same names. */
function isListenError(error: unknown): boolean {
  const { syscall } = error as { syscall?: unknown };
  return syscall === 'listen' || syscall === 'bind' || syscall === 'getaddrinfo';
}

async function startWithRetries(
  service: Service,
  name: Role,
  start: StartRole,
  signal: AbortSignal,
): Promise<RunningRole | null> {
  for (let pause = 500; !signal.aborted; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await start(service);
    } catch (error) {
      const { host, port } = service.config;
      const problem =
        name === 'api' && isListenError(error)
          ? describePortProblem({ variable: 'PORT', host, port }, error)
          : null;
      if (problem !== null) throw new UserError(problem);
      service.log.warn({ err: error, pause }, `${name} can't start yet`);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return null;
}
