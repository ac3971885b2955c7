import type { CmsVendor } from './cms.ts';

const error = (id: string, message: string) => ({
  sys: { type: 'Error', id },
  message,
  requestId: '85f56ba5-40f9-4f01-8a1b-7bc8a1a8d3a5',
});

/** Contentful's Content Delivery API. */
export const contentfulVendor: CmsVendor = {
  token: 'b4c0n73n7fu1',
  hasEtags: true,
  readPath: ({ pathname }) =>
    /^\/spaces\/cfexampleapi\/environments\/master\/entries\/([^/]+)$/.exec(pathname)?.[1] ?? null,
  answerEntry: (id, { fields, revision, updatedAt }, locale) => ({
    metadata: { tags: [], concepts: [] },
    sys: {
      space: { sys: { type: 'Link', linkType: 'Space', id: 'cfexampleapi' } },
      id,
      type: 'Entry',
      createdAt: '2026-06-27T22:46:19.513Z',
      updatedAt,
      environment: { sys: { id: 'master', type: 'Link', linkType: 'Environment' } },
      publishedVersion: revision * 4 + 1,
      revision,
      contentType: { sys: { type: 'Link', linkType: 'ContentType', id: 'message' } },
      locale,
    },
    fields,
  }),
  refuse: {
    unauthorized: {
      status: 401,
      body: error('AccessTokenInvalid', 'The access token you sent could not be found or is invalid.'),
    },
    missing: { status: 404, body: error('NotFound', 'The resource could not be found.') },
  },
};
