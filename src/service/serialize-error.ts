import pino from 'pino';
import { isStorageFull } from '../../db/client.ts';
import { describeMissingNamespace, isNamespaceMissing } from '../temporal/missing-namespace.ts';

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
  const remedy = describeRemedy(error);
  if (remedy !== null) Object.assign(serialized as Fields, { remedy });
  for (let part = serialized; typeof part === 'object' && part !== null; part = (part as Fields).cause)
    for (const member of PERSONAL) delete (part as Fields)[member];
  return serialized;
}

function describeRemedy(error: Error): string | null {
  if (isStorageFull(error)) return STORAGE_FULL;
  return isNamespaceMissing(error) ? describeMissingNamespace() : null;
}

type Fields = Record<string, unknown>;
