import pino from 'pino';

/**
 * Members of Postgres' errors that quote rows, and those of the driver that hold statements and parameters: rows are
 * personal data, and logs are kept elsewhere and read by many people.
 */
const PERSONAL = ['detail', 'where', 'internal_query', 'query', 'parameters', 'args'] as const;

/** An error as the log has it, and all that caused it. */
export function serializeError(error: Error): unknown {
  const serialized: unknown = pino.stdSerializers.errWithCause(error);
  for (let part = serialized; typeof part === 'object' && part !== null; part = (part as Fields).cause)
    for (const member of PERSONAL) delete (part as Fields)[member];
  return serialized;
}

type Fields = Record<string, unknown>;
