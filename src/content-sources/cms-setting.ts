import { z } from 'zod';
import { CMS_KINDS } from './kinds.ts';

/** One entry of `CMS`, read. */
export interface CmsSettings {
  kind: string;
  /** The workspaces whose bundles may name it; all, if there is no list. */
  workspaces?: string[];
  /** The fields of the kind. */
  [field: string]: unknown;
}

const entry = z.discriminatedUnion(
  'kind',
  Object.entries(CMS_KINDS).map(([kind, { settings }]) =>
    z.strictObject({
      kind: z.literal(kind),
      workspaces: z.array(z.string().min(1)).optional(),
      ...settings.shape,
    }),
  ) as unknown as [z.ZodObject<{ kind: z.ZodLiteral }>],
  { error: `must be one of ${Object.keys(CMS_KINDS).join(', ')}` },
) as unknown as z.ZodType<CmsSettings>;

/** The setting `CMS`: `{"site": {"kind": "strapi", "url": "https://…", "token": "…"}}`. */
export const cmsSettings = z.record(
  z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be an id: a-z, 0-9 and -'),
  entry,
);
