/** Examples by schema name. */
export const examples = {
  CmsEntry: {
    file: 'content/tip-milk/email.en.liquid',
    source: 'site',
    entry: 'messages/hgv1vny5cebq2l3czil1rpb3',
    uses: 'copy',
    version: '2026-11-28T18:47:51.000Z',
    fetchedAt: '2026-11-28T18:48:00Z',
    checkedAt: '2026-11-28T18:59:00Z',
    error: null,
    failedAt: null,
  },
};
