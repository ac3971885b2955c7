import type { CmsVendor } from './cms.ts';

const error = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] });

/** Directus: the items of a collection `messages`. It answers an item that does not exist like one that is forbidden. */
export const directusVendor: CmsVendor = {
  token: 'directus-static-token',
  hasEtags: true,
  readPath: ({ pathname }) => /^\/items\/messages\/([^/]+)$/.exec(pathname)?.[1] ?? null,
  answerEntry: (id, { fields, updatedAt }) => ({
    data: { id: Number(id), status: 'published', date_updated: updatedAt, ...fields },
  }),
  refuse: {
    unauthorized: { status: 401, body: error('INVALID_CREDENTIALS', 'Invalid user credentials.') },
    missing: { status: 403, body: error('FORBIDDEN', "You don't have permission to access this.") },
  },
};
