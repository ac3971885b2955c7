import type { z } from 'zod';
import { readCopies } from '../../../db/cms/read-copies.ts';
import { readActiveBundle } from '../../app/config/active-bundle.ts';
import { cmsOrigin } from '../../domain/definition.ts';
import { toIsoOrNull } from '../frame/format.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { cmsEntries, type cmsEntry } from './schema.ts';

/** Content of CMSs. */
export const cmsOperations: Operation[] = [
  defineOperation({
    id: 'listCmsEntries',
    method: 'get',
    path: '/v1/config/cms',
    tag: 'Configuration',
    summary: 'The content that the active bundle has in a CMS, and which of it is used',
    scope: 'read',
    replies: { 200: { description: 'By file', schema: cmsEntries } },
    async handle({ api, workspace }) {
      const bundle = await readActiveBundle(api.decisionServices, workspace);
      const copies = await readCopies(api.deps.db.sql, workspace);
      const data = (bundle?.cms ?? []).map((entry): z.infer<typeof cmsEntry> => {
        const origin = cmsOrigin(entry);
        const copy = copies.find((own) => own.file === entry.file && own.origin === origin);
        return {
          file: entry.file,
          source: entry.source,
          entry: entry.entry,
          uses: copy?.text == null ? 'file' : 'copy',
          version: copy?.version ?? null,
          fetchedAt: toIsoOrNull(copy?.fetchedAt),
          checkedAt: toIsoOrNull(copy?.checkedAt),
          error: copy?.error ?? null,
          failedAt: toIsoOrNull(copy?.failedAt),
        };
      });
      return { body: { data } };
    },
  }),
];
