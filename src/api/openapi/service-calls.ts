import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { z } from 'zod';
import { health, readiness, status } from '../health/schema.ts';

const STATUS = {
  reconciliations: [
    {
      kind: 'journeys',
      passes: 412,
      passEndedAt: '2026-11-22T09:00:00.000Z',
      compared: 824_000,
      repaired: { missing: 2 },
      repairedAt: '2026-11-21T17:20:11.000Z',
    },
  ],
  parkedCustomers: 0,
};

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
      operationId: 'getStatus',
      path: '/statusz',
      summary: 'What the relay has compared with Temporal and repaired, and how many customers are parked',
      responses: {
        200: { description: 'The comparisons', content: json(status, STATUS) },
        503: { description: 'Postgres does not answer' },
      },
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
