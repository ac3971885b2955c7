import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { segmentBatch, segmentCall, success } from '../events/schema.ts';
import type { Operation } from '../frame/operation.ts';
import { problem } from '../frame/schema.ts';
import { health, readiness } from '../health/schema.ts';
import { OPERATIONS } from '../operations.ts';
import { customerPages } from './customer-pages.ts';

const JSON_TYPE = 'application/json';

/** The OpenAPI 3.1 document of everything that is mounted. */
export function openApiDocument(): Record<string, unknown> {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'writeKey', {
    type: 'http',
    scheme: 'basic',
    description: 'A write key as the user name; or `writeKey` in the body or the query; or as a bearer token',
  });
  registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key with the scope that the call needs',
  });
  for (const route of [...eventCalls(), ...OPERATIONS.map(routeOf), ...operatorCalls()])
    registry.registerPath(route);
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Throughline',
      version: '1',
      description: 'Customer journeys: events in, decisions, deliveries and tasks out.',
    },
  });
  return document as unknown as Record<string, unknown>;
}

/** The exact text of the committed file. */
export function serializeOpenApi(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

function routeOf(op: Operation): RouteConfig {
  const names = [...op.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
  const idempotent = op.method === 'post';
  return {
    method: op.method,
    path: op.path,
    tags: [op.tag],
    summary: op.summary,
    description: `Needs the scope \`${op.scope}\`.`,
    security: [{ apiKey: [] }],
    request: {
      ...(names.length > 0
        ? { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }
        : {}),
      ...(op.query ? { query: op.query as z.ZodObject } : {}),
      ...(idempotent ? { headers: z.object({ 'Idempotency-Key': z.string().max(255).optional() }) } : {}),
      ...(op.body ? { body: { required: true, content: { [JSON_TYPE]: { schema: op.body } } } } : {}),
    },
    responses: {
      ...Object.fromEntries(
        Object.entries(op.replies).map(([status, { description, schema }]) => [
          status,
          Number(status) === 304
            ? { description }
            : {
                description,
                content: { [JSON_TYPE]: { schema: schema ?? z.record(z.string(), z.unknown()) } },
              },
        ]),
      ),
      ...problems([400, 401, 403, ...(idempotent ? [409] : []), ...(op.problems ?? [])]),
    },
  };
}

function problems(statuses: number[]) {
  const content = { 'application/problem+json': { schema: problem } };
  const sorted = [...new Set([...statuses, 503])].sort((a, b) => a - b);
  return Object.fromEntries(
    sorted.map((status) => [status, { description: MEANING[status] ?? 'Refused', content }]),
  );
}

const MEANING: Record<number, string> = {
  400: 'The request is not as described',
  401: 'No key, or none that is known',
  403: 'The key may not do this',
  404: 'There is no such thing in this workspace',
  409: 'Not in this state, or not yet',
  410: 'The customer was erased',
  413: 'The body is too large',
  415: 'The encoding is not known',
  422: 'Understood, and refused',
  429: 'Too many: come back after Retry-After',
  503: 'Postgres is away: nothing was changed',
};

function eventCalls(): RouteConfig[] {
  const calls = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'batch'] as const;
  return calls.map((call) => ({
    method: 'post',
    path: `/v1/${call}`,
    tags: ['Events'],
    summary: call === 'batch' ? 'Several calls at once' : `Segment's \`${call}\``,
    description: `Any content type. Also as \`/v1/${call[0]}\`. An event that can't be taken is kept in the list of what was refused, and answered with 200.`,
    security: [{ writeKey: [] }],
    request: {
      body: {
        required: true,
        content: { [JSON_TYPE]: { schema: call === 'batch' ? segmentBatch : segmentCall } },
      },
    },
    responses: {
      200: { description: 'Committed', content: { [JSON_TYPE]: { schema: success } } },
      ...problems([400, 401, 403, 413, 415, 429]),
    },
  }));
}

function operatorCalls(): RouteConfig[] {
  const json = (schema: z.ZodType) => ({ [JSON_TYPE]: { schema } });
  return [
    {
      method: 'get',
      path: '/healthz',
      tags: ['Operations'],
      summary: 'The process lives',
      security: [],
      responses: { 200: { description: 'It does', content: json(health) } },
    },
    {
      method: 'get',
      path: '/readyz',
      tags: ['Operations'],
      summary: 'It can do its work',
      security: [],
      responses: {
        200: { description: 'It can', content: json(readiness) },
        503: { description: 'It cannot, and why', content: json(readiness) },
      },
    },
    ...customerPages(),
  ];
}
