import type { CmsVendor } from './cms.ts';

const error = (status: number, name: string, message: string) => ({
  data: null,
  error: { status, name, message, details: {} },
});

/** Strapi 5: the REST API of a collection `messages`. */
export const strapiVendor: CmsVendor = {
  token: 'strapi-api-token',
  hasEtags: false,
  readPath: ({ pathname }) => /^\/api\/messages\/([^/]+)$/.exec(pathname)?.[1] ?? null,
  answerEntry: (id, { fields, revision, updatedAt }, locale) => ({
    data: {
      id: revision + 6,
      documentId: id,
      ...fields,
      createdAt: '2026-06-27T22:46:19.513Z',
      updatedAt,
      publishedAt: updatedAt,
      locale,
    },
    meta: {},
  }),
  refuse: {
    unauthorized: { status: 401, body: error(401, 'UnauthorizedError', 'Missing or invalid credentials') },
    missing: { status: 404, body: error(404, 'NotFoundError', 'Not Found') },
  },
};

/** Strapi 4: the same with `attributes`. */
export const strapi4Vendor: CmsVendor = {
  ...strapiVendor,
  answerEntry: (id, { fields, updatedAt }, locale) => ({
    data: {
      id: Number(id),
      attributes: { ...fields, createdAt: updatedAt, updatedAt, publishedAt: updatedAt, locale },
    },
    meta: {},
  }),
};
