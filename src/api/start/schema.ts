import { z } from 'zod';
import { EXAMPLE_STEPS } from './example-calls.ts';

export const start = z
  .object({
    version: z.number().int().describe('Of the active bundle; 0: none'),
    done: z
      .object({
        event: z.boolean(),
        order: z.boolean(),
        ticket: z.boolean(),
        message: z.boolean(),
        apply: z.boolean(),
      })
      .describe(
        'What has happened at least once. `apply`: a bundle that the server has not applied by itself',
      ),
    example: z.boolean().describe('Whether the calls of the example may be sent here'),
  })
  .meta({ id: 'Start', description: 'How far a workspace has come' });

export const exampleBody = z.strictObject({ step: z.enum(EXAMPLE_STEPS) }).meta({ id: 'ExampleStep' });

export const exampleCall = z
  .object({
    call: z
      .looseObject({ event: z.string(), userId: z.string() })
      .describe('What was sent, as to `POST /v1/track`'),
    customer: z.string().describe('A reference to whom it is about'),
  })
  .meta({ id: 'ExampleCall' });
