import pino from 'pino';
import { isStorageFull } from '../../db/client.ts';

/**
 * Members of Postgres' errors that quote rows, and those of the driver that hold statements and parameters: rows are
 * personal data, and logs are kept elsewhere and read by many people.
 */
const PERSONAL = ['detail', 'where', 'internal_query', 'query', 'parameters', 'args'] as const;

const STORAGE_FULL =
  "the disk of Postgres is full: enlarge it, or remove what is not Throughline's. What was accepted is kept, and all roles go on by themselves";

/** An error as the log has it, and all that caused it. `remedy` says what an operator has to do, where somebody has to. */
export function serializeError(error: Error): unknown {
  const serialized: unknown = pino.stdSerializers.errWithCause(error);
  const remedy = isStorageFull(error) ? STORAGE_FULL : describeMissingNamespace(error);
  if (remedy !== null) Object.assign(serialized as Fields, { remedy });
  for (let part = serialized; typeof part === 'object' && part !== null; part = (part as Fields).cause)
    for (const member of PERSONAL) delete (part as Fields)[member];
  return serialized;
}

/** Temporal says so in a message; its codes are the same for other things that are missing. */
function describeMissingNamespace(error: unknown): string | null {
  for (let part = error; part instanceof Error; part = part.cause) {
    const [, namespace] = /\bNamespace (\S+) is not found/i.exec(part.message) ?? [];
    if (namespace !== undefined)
      return `there is no namespace ${namespace} in Temporal: run temporal operator namespace create --namespace ${namespace} --retention 72h, or set TEMPORAL_NAMESPACE. All roles go on by themselves`;
  }
  return null;
}

type Fields = Record<string, unknown>;
