import { z } from 'zod';
import { EDIT_EFFECTS } from '../../app/config/affected.ts';
import { cursorQuery, flagQuery, limitQuery, listOf, orNull, time, timeOrNull } from '../frame/schema.ts';
import { appliedBy, journeyGraph, parkedCustomers } from '../journeys/schema.ts';

export const configBody = z.object({
  files: z
    .array(z.object({ path: z.string().min(1).max(300), text: z.string() }))
    .max(2_000)
    .refine((files) => new Set(files.map((file) => file.path)).size === files.length, {
      error: 'a path may occur once',
      params: { code: 'duplicate_path' },
    }),
});

const baseVersion = z
  .number()
  .int()
  .nonnegative()
  .optional()
  .describe('The version that the edit began from: refused with `version_changed` if another is active');

export const applyBody = configBody.extend({ baseVersion }).meta({ id: 'ApplyConfig' });

const moved = z
  .record(z.string(), z.record(z.string(), z.string()))
  .optional()
  .describe('By journey: the step that replaces a step which the older version does not have');

export const previewBody = z
  .union([configBody, z.object({ version: z.number().int().positive(), moved })])
  .meta({ id: 'PreviewConfig', description: 'Files, or a version that a rollback would activate again' });

const line = z.number().int().optional();

export const warning = z
  .object({ file: z.string(), path: z.string(), line, message: z.string() })
  .meta({ id: 'BundleWarning' });

export const activation = z
  .object({ version: z.number().int(), changed: z.boolean(), warnings: z.array(warning) })
  .meta({ id: 'Applied' });

const problemOf = z.object({
  file: z.string(),
  path: z.string(),
  line,
  code: z.string(),
  detail: z.string(),
});

export const preview = z
  .object({
    ok: z.boolean().describe('Whether the bundle would be accepted'),
    baseVersion: z.number().int().describe('The active version, with which it is compared; 0: none'),
    errors: z.array(problemOf),
    warnings: z.array(warning),
    edits: z
      .array(
        z.object({
          kind: z.string(),
          journey: z.string().optional(),
          step: z.string().optional(),
          content: z
            .object({
              action: z.string().optional(),
              channel: z.string().optional(),
              block: z.string().optional(),
              locale: z.string().nullable(),
              variant: z.string().nullable(),
            })
            .optional()
            .describe('The message of an edit of content'),
          diff: z.string().optional().describe('What differs in the text, as a unified diff'),
          change: z.string().describe('What differs'),
          consequence: z.string().describe('What happens to customers because of the edit'),
        }),
      )
      .describe('Definitions first, then content files'),
    affected: z
      .array(
        z.object({
          ...parkedCustomers,
          effect: z.enum(EDIT_EFFECTS),
          destination: z
            .string()
            .nullable()
            .describe('The step that the customers move to, or `exit`; null: they are not moved'),
          rule: z.string().describe('What happens to these customers'),
        }),
      )
      .describe('All customers in journeys, grouped by journey, step and version'),
    graphs: z
      .array(z.object({ journey: z.string(), before: orNull(journeyGraph), after: orNull(journeyGraph) }))
      .describe('The graphs of the journeys that differ'),
  })
  .meta({ id: 'ConfigPreview', description: 'What applying a bundle would do' });

export const rollbackBody = z
  .object({
    version: z
      .number()
      .int()
      .positive()
      .describe('The version whose files become active again, as a new version'),
    moved,
    baseVersion,
  })
  .meta({ id: 'Rollback' });

export const versionList = listOf(
  z.object({
    version: z.number().int(),
    hash: z.string(),
    activatedAt: time,
    appliedBy,
    active: z.boolean(),
  }),
).meta({ id: 'ConfigVersions', description: 'All versions of the bundle, newest first' });

export const versionsQuery = z.object({ limit: limitQuery, cursor: cursorQuery });

export const configQuery = z.object({
  text: flagQuery.describe('Include the text of the files'),
  version: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('An earlier version; default: the active one'),
});

export const config = z
  .object({
    version: z.number().int().describe('0: no bundle is active yet'),
    hash: z.string().nullable(),
    activatedAt: timeOrNull,
    appliedBy,
    files: z.array(z.object({ path: z.string(), bytes: z.number().int(), text: z.string().optional() })),
  })
  .meta({ id: 'Config', description: 'The active bundle' });

export const bundleSchema = z
  .looseObject({ $schema: z.string() })
  .meta({ id: 'BundleSchema', description: 'JSON Schema 2020-12 of the files of a bundle' });
