import { z } from 'zod';
import { timeOrNull } from '../frame/schema.ts';

export const cmsEntry = z
  .object({
    file: z.string(),
    source: z.string(),
    entry: z.string(),
    uses: z.enum(['copy', 'file']).describe('What is sent: the last good copy, or the file of the bundle'),
    version: z.string().nullable().describe("The CMS's version of the copy"),
    fetchedAt: timeOrNull.describe('When the text of the copy came'),
    checkedAt: timeOrNull.describe('When the CMS last confirmed it'),
    error: z.string().nullable().describe('Why the newest answer is not used; null: it is'),
    failedAt: timeOrNull,
  })
  .meta({ id: 'CmsEntry', description: 'Content that is edited in a CMS' });

export const cmsEntries = z.object({ data: z.array(cmsEntry) }).meta({ id: 'CmsEntries' });
