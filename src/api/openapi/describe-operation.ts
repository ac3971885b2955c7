import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { ROLES } from '../../../db/schema/values.ts';
import { listScopes, type Operation } from '../frame/operation.ts';
import { isPermitted } from '../frame/role-permissions.ts';
import { problemRefs } from './problems.ts';

const JSON_TYPE = 'application/json';

/** An operation of the API as a route of the document. */
export function describeOperation(op: Operation): RouteConfig {
  const isIdempotent = op.method !== 'get';
  return {
    operationId: op.id,
    method: op.method,
    path: op.path,
    tags: [op.tag],
    summary: op.summary,
    description: describeAccess(op),
    ...describeSecurity(op),
    request: {
      ...describeParams(op),
      ...(op.query ? { query: op.query as z.ZodObject } : {}),
      ...(isIdempotent ? { headers: z.object({ 'Idempotency-Key': IDEMPOTENCY_KEY }) } : {}),
      ...(op.body ? { body: { required: true, content: { [JSON_TYPE]: { schema: op.body } } } } : {}),
    },
    responses: {
      ...describeReplies(op),
      ...problemRefs([400, 401, 403, ...(isIdempotent ? [409] : []), ...(op.problems ?? [])]),
    } as RouteConfig['responses'],
  };
}

/** The scopes that a key needs, and the roles that permit it to a person, unless all do. */
function describeAccess(op: Operation): string {
  const scopes = listScopes(op);
  const roles = ROLES.filter((role) => isPermitted(role, { operation: op.id, scopes }));
  const permitted = roles.length === ROLES.length ? '' : ` Roles: ${roles.join(', ')}.`;
  return `Scope: ${scopes.map((scope) => `\`${scope}\``).join(' and ')}.${permitted}`;
}

/** Missing where the security of the whole document applies. */
function describeSecurity({ inboxToken, embedded }: Operation): Pick<RouteConfig, 'security'> {
  if (!inboxToken && !embedded) return {};
  const names = ['apiKey', 'session', inboxToken ? 'inboxToken' : 'embedToken'];
  return { security: names.map((name) => ({ [name]: [] })) };
}

const IDEMPOTENCY_KEY = z
  .string()
  .max(255)
  .optional()
  .describe('Repeat a call under its key to get the first answer again, without a second effect');

function describeParams({ path }: Operation) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
  if (names.length === 0) return {};
  return { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) };
}

function describeReplies({ replies }: Operation) {
  return Object.fromEntries(
    Object.entries(replies).map(([status, { description, schema, csv }]) => [
      status,
      schema
        ? {
            description,
            content: {
              [JSON_TYPE]: { schema },
              ...(csv === undefined ? {} : { 'text/csv': { schema: z.string().describe(csv) } }),
            },
          }
        : { description },
    ]),
  );
}
