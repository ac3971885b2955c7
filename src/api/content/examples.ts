const preview = {
  action: 'tip',
  channel: 'email',
  bundleVersion: 3,
  subject: 'Sour or bitter?',
  html: '<p>Hello Helen,</p>',
  text: 'Hello Helen,',
  locale: 'en',
  requestedLocale: 'en-GB',
  localeFallback: 'language',
  variant: null,
  blocks: [{ block: 'greeting', locale: 'en', segment: 'regulars' }],
  dataUsed: [
    {
      attribute: 'traits.firstName',
      permission: 'undeclared',
      source: 'shop',
      party: 'first',
      at: '2026-11-28T18:48:00Z',
      stale: false,
    },
  ],
  missing: ['traits.machine'],
  warnings: [],
  bytes: 31,
  segments: null,
};

/** Examples by schema name. */
export const examples = {
  ContentPreviewRequest: { action: 'tip', customer: 'user:helen', sample: {} },
  ContentPreview: preview,
  TestSendRequest: { action: 'tip', customer: 'user:helen', sample: {}, to: 'kim@aroma.example' },
  TestSent: { to: 'kim@aroma.example', subject: '[Test] Sour or bitter?' },
};
