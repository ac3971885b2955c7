import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { z } from 'zod';
import { health, readiness } from '../health/schema.ts';

/** Health of the process, for operators. No key is needed. */
export function serviceRoutes(): RouteConfig[] {
  const common = { method: 'get' as const, tags: ['Operations'], security: [] };
  const json = (schema: z.ZodType, example: object) => ({ 'application/json': { schema, example } });
  return [
    {
      ...common,
      operationId: 'getHealth',
      path: '/healthz',
      summary: 'Whether the process runs',
      responses: { 200: { description: 'It runs', content: json(health, { status: 'ok' }) } },
    },
    {
      ...common,
      operationId: 'getReadiness',
      path: '/readyz',
      summary: 'Whether the process can serve requests',
      responses: {
        200: { description: 'It can', content: json(readiness, { ready: true, reasons: [] }) },
        503: {
          description: 'It cannot; `reasons` say why',
          content: json(readiness, {
            ready: false,
            reasons: [{ code: 'temporal_away', detail: 'Temporal does not answer' }],
          }),
        },
      },
    },
  ];
}
