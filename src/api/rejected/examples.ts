/** Examples by schema name. */
export const examples = {
  RetryQuery: { source: 'helpdesk', code: 'unexpected_payload' },
  RetryResult: { status: 'accepted', code: null, reason: null },
  RetryCounts: { accepted: 41, repeated: 0, ignored: 2, rejected: 1, next: null },
};
