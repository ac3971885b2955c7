import { temporalConfig } from './connection.ts';

/** The deepest cause that is looked at. */
const DEPTH = 5;

/** Whether a call or a worker failed because Temporal has no namespace of the configured name. */
export function isNamespaceMissing(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < DEPTH; cause = cause.cause, depth++) {
    if (cause.name === 'NamespaceNotFoundError') return true;
    if (cause.message.includes('amespace') && cause.message.includes('not found')) return true;
  }
  return false;
}

/** Which namespace is missing where, and how to create it. */
export function describeMissingNamespace(): string {
  const { connectionOptions, namespace } = temporalConfig();
  const address = connectionOptions.address ?? 'localhost:7233';
  return `Temporal at ${address} has no namespace ${namespace}: create it with temporal operator namespace create --address ${address} -n ${namespace} --retention 72h, or set TEMPORAL_NAMESPACE. It is used as soon as it exists`;
}
