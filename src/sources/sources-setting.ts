import { z } from 'zod';
import type { ConfiguredSource } from './source-secrets.ts';

const MIN_SECRET = 8;

const configuredSource = z.strictObject({
  workspace: z.string().min(1),
  secrets: z
    .array(z.string().min(MIN_SECRET, `must have at least ${MIN_SECRET} characters`))
    .min(1, 'must name one secret, or two while it is being changed')
    .max(2, 'must name one secret, or two while it is being changed'),
});

/** Configured sources by id: `{"helpdesk": {"workspace": "aroma", "secrets": ["…"]}}`. */
export const configuredSources = z.record(
  z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be the id of a source: a-z, 0-9 and -'),
  configuredSource,
) satisfies z.ZodType<Record<string, ConfiguredSource>>;
