import { type Config, readConfig } from '../config.ts';
import { startApi } from '../service/api.ts';
import { startRelay } from '../service/relay.ts';
import { openService, type RunningRole, type Service } from '../service/service.ts';
import { startWorker } from '../service/worker.ts';
import { installRuntime } from '../temporal/runtime.ts';
import { UserError } from '../user-error.ts';

const ROLES: Record<string, (service: Service) => Promise<RunningRole>> = {
  api: startApi,
  relay: startRelay,
  worker: startWorker,
};

/** Longest pause between tries to reach a server that is away. */
const MAX_PAUSE_MS = 15_000;

/**
 * Runs roles in this process until SIGTERM or SIGINT; then lets what is under way end. A server that isn't there yet
 * is tried again and again: a role that crashed instead would only make its supervisor do the same.
 */
export async function serveCommand(names: string[]): Promise<void> {
  const unknown = names.find((name) => !(name in ROLES));
  if (unknown) throw new UserError(`there is no role ${unknown}: use ${Object.keys(ROLES).join(', ')}`);
  const config = configOrRefuse();
  const service = openService(config, names.join('+'));
  // The SDK takes a stack per promise of a workflow; looked up in source maps, each costs more than the promise.
  process.setSourceMapsEnabled(false);
  if (names.includes('worker')) installRuntime(service.log);
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());

  const running: RunningRole[] = [];
  for (const name of names) {
    const role = await startPatiently(service, name, stopping.signal);
    if (role) running.push(role);
  }
  if (!stopping.signal.aborted) {
    service.log.info({ roles: names }, 'serving');
    await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  }
  service.log.info('stopping: what is under way may end');
  for (const role of running) await role.stop();
  await service.close();
}

function configOrRefuse(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    throw new UserError(`the environment is incomplete: ${(error as Error).message.replaceAll('\n', '; ')}`);
  }
}

async function startPatiently(
  service: Service,
  name: string,
  signal: AbortSignal,
): Promise<RunningRole | null> {
  for (let pause = 500; !signal.aborted; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return (await ROLES[name]?.(service)) ?? null;
    } catch (error) {
      if ((error as { code?: string }).code === 'EADDRINUSE') {
        throw new UserError(`port ${service.config.port} is in use: stop what listens there, or set PORT`);
      }
      service.log.warn({ err: error, pause }, `${name} can't start yet`);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return null;
}
