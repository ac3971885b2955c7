/** Examples by schema name. */
export const examples = {
  Login: { login: 'kim', password: 'correct horse battery staple' },
  Session: {
    user: { id: 'usr_01a2237d', login: 'kim', name: 'Kim Tan' },
    workspace: 'aroma',
    workspaces: ['aroma'],
    role: 'agent',
    scopes: ['read'],
    operations: ['claimTask', 'releaseTask'],
    csrfToken: 'mfp1b2q3-7w',
    expiresAt: '2026-11-28T19:48:49Z',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
  },
  SessionOptions: { oneClick: false },
  SessionWorkspace: { workspace: 'aroma' },
};
