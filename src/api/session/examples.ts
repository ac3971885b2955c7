import { loginBody, session, sessionOptions, workspaceBody } from './schema.ts';

/** Examples by schema. */
export const examples = new Map<unknown, object>([
  [loginBody, { login: 'kim', password: 'correct horse battery staple' }],
  [
    session,
    {
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
  ],
  [sessionOptions, { oneClick: false }],
  [workspaceBody, { workspace: 'aroma' }],
]);
