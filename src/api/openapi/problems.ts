import { z } from 'zod';
import { problem } from '../frame/schema.ts';

const PROBLEMS: Record<number, { name: string; description: string }> = {
  400: { name: 'BadRequest', description: 'The request is not as described' },
  401: { name: 'Unauthorized', description: 'The key is missing or unknown, or the session has ended' },
  403: {
    name: 'Forbidden',
    description: 'The key does not have the required scope, or the role does not permit it',
  },
  404: { name: 'NotFound', description: 'The workspace has no such record' },
  409: { name: 'Conflict', description: 'The current state does not allow the request, or not yet' },
  410: { name: 'Gone', description: 'The customer was erased' },
  413: { name: 'PayloadTooLarge', description: 'The body is too large' },
  415: { name: 'UnsupportedMediaType', description: 'The content encoding is not supported' },
  422: { name: 'Unprocessable', description: 'The request was understood and refused' },
  429: { name: 'TooManyRequests', description: 'Too many requests: retry after `Retry-After` seconds' },
  503: { name: 'Unavailable', description: 'Postgres is not reachable. Nothing was changed: retry' },
};

/** The schema of a problem document. zod puts a schema that has an id under `$defs`, where OpenAPI does not look. */
export function problemSchema() {
  const { $defs, ...schema } = z.toJSONSchema(problem);
  const { $schema: _, id: __, ...described } = $defs?.Problem ?? schema;
  return described as object;
}

/** Problem responses by component name. */
export function problemResponses() {
  const ref = { $ref: '#/components/schemas/Problem' };
  return Object.fromEntries(
    Object.entries(PROBLEMS).map(([status, { name, description }]) => [
      name,
      {
        description,
        content: { 'application/problem+json': { schema: ref, example: buildExample(Number(status), name) } },
      },
    ]),
  );
}

/** References to the problem responses of an operation. Every operation can answer 503. */
export function problemRefs(statuses: number[]): Record<string, { $ref: string }> {
  const sorted = [...new Set([...statuses, 503])].sort((a, b) => a - b);
  return Object.fromEntries(
    sorted.map((status) => [status, { $ref: `#/components/responses/${PROBLEMS[status]?.name}` }]),
  );
}

function buildExample(status: number, name: string): z.infer<typeof problem> {
  const { description } = PROBLEMS[status] as { description: string };
  return {
    type: 'about:blank',
    title: name.replaceAll(/\B([A-Z])/g, ' $1'),
    status,
    code: EXAMPLE_CODES[status] ?? 'invalid_request',
    detail: description,
    requestId: 'req_01J9Z8T3',
  };
}

const EXAMPLE_CODES: Record<number, string> = {
  401: 'invalid_key',
  403: 'missing_scope',
  404: 'not_found',
  409: 'in_flight',
  410: 'erased',
  413: 'body_too_large',
  415: 'unsupported_encoding',
  422: 'invalid_bundle',
  429: 'too_many_events',
  503: 'unavailable',
};
