import { createLinkToken, type LinkPurpose } from '../../../src/content/link-token.ts';
import type { Request } from '../http.ts';
import { forEachOf, type Part } from '../part.ts';
import type { Target } from '../target.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const HOUR = 3_600_000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Keys and links that are nearly right. */
export const tokens: Part = {
  name: 'tokens',
  what: 'tampered keys and links',
  share: null,
  async run({ target, tally }) {
    const refused: { request: Request; statuses: number[] }[] = [
      ...tamperedKeys(target).map((request) => ({ request, statuses: [401] })),
      ...tamperedLinks(target).map((request) => ({ request, statuses: [404] })),
      ...tamper(target.home.parameters['r/{token}'] as string).map((token) => ({
        request: { path: `/r/${token}` },
        statuses: [404],
      })),
      ...tamper(createInboxToken(target)).map((key) => ({
        request: { path: inboxOf(target), key },
        statuses: [401],
      })),
    ];
    await forEachOf(refused, async ({ request, statuses }) => {
      tally.expect(request, await target.http.send(request), statuses);
    });
    // A control: with what is right the same requests are answered.
    const { parameters, api } = target.home;
    for (const request of [
      { path: '/v1/journeys', key: api },
      { path: `/unsubscribe/${parameters['unsubscribe/{token}']}` },
      { path: `/preferences/${parameters['preferences/{token}']}` },
      { path: `/erase/${parameters['erase/{token}']}` },
      { path: `/catalogue/${parameters['catalogue/{token}']}` },
      { path: inboxOf(target), key: createInboxToken(target) },
    ])
      tally.expect(request, await target.http.send(request), [200]);
    const tracked = { path: `/r/${parameters['r/{token}']}` };
    tally.expect(tracked, await target.http.send(tracked), [302]);
  },
};

const inboxOf = ({ home }: Target) => `/v1/customers/${home.customerId}/inbox`;

function createInboxToken({ home, secret }: Target): string {
  return `it_${createLinkToken('inbox', { id: home.customerId, expiresAt: Date.now() + HOUR }, secret)}`;
}

/** Everything that differs from a text in one place, or in its length. */
function tamper(text: string): string[] {
  const places = Array.from({ length: text.length }, (_, index) => index);
  return [
    ...places.map((at) => {
      const next = LETTERS[(LETTERS.indexOf(text[at] as string) + 1) % LETTERS.length] as string;
      return text.slice(0, at) + next + text.slice(at + 1);
    }),
    ...[1, 2, 10].map((count) => text.slice(0, -count)),
    `${text}A`,
    `${text}${text}`,
    text.toUpperCase(),
    text.split('').reverse().join(''),
  ].filter((each) => each !== text);
}

function tamperedKeys({ home }: Target): Request[] {
  const path = '/v1/journeys';
  const { api } = home;
  const jwt = ['{"alg":"none"}', '{"sub":"home","scopes":["read"]}']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
  const authorizations = [
    `Bearer ${jwt}.`,
    `Token ${api}`,
    `Digest username="${api}"`,
    `Bearer "${api}"`,
    `Bearer,${api}`,
    'Basic',
    'Basic ====',
    `Basic ${Buffer.from(`x:${api}`).toString('base64')}`,
    'Bearer null',
    "Bearer ' or 1=1 --",
  ];
  return [
    ...tamper(api).map((key) => ({ path, key })),
    ...authorizations.map((authorization) => ({ path, headers: { authorization } })),
    { path, headers: { 'x-api-key': api } },
    { path, headers: { cookie: `key=${api}; authorization=${api}` } },
    { path, headers: { 'x-authorization': `Bearer ${api}`, 'x-forwarded-authorization': `Bearer ${api}` } },
  ];
}

/** Of each purpose: what differs from its link, is signed otherwise, or is a genuine link of another purpose. */
function tamperedLinks({ home, secret }: Target): Request[] {
  const { parameters, customerId } = home;
  const delivery = parameters['deliveries/{id}'] as string;
  const expiresAt = Date.now() + HOUR;
  const purposes: { purpose: LinkPurpose; id: string }[] = [
    { purpose: 'unsubscribe', id: delivery },
    { purpose: 'preferences', id: delivery },
    { purpose: 'erase', id: customerId },
    { purpose: 'catalogue', id: delivery },
  ];
  return purposes.flatMap(({ purpose, id }) => {
    const genuine = parameters[`${purpose}/{token}`] as string;
    const others = purposes.filter((other) => other.purpose !== purpose);
    const [claims = '', end = '', signature = ''] = genuine.split('.');
    const strangers = createLinkToken(purpose, { id: `${id}x`, expiresAt }, secret);
    const tokens = [
      ...tamper(genuine),
      ...others.map((other) => parameters[`${other.purpose}/{token}`] as string),
      ...others.map((other) => createLinkToken(other.purpose, { id, expiresAt }, secret)),
      createLinkToken('other' as LinkPurpose, { id, expiresAt }, secret),
      createLinkToken(purpose, { id, expiresAt }, `${secret}x`),
      createLinkToken(purpose, { id, expiresAt }, ''),
      `${strangers.split('.')[0]}.${end}.${signature}`,
      `${claims}.${(expiresAt * 2).toString(36)}.${signature}`,
      `${claims}.${end}`,
      `${claims}.${end}.`,
      `.${end}.${signature}`,
      `${claims}..${signature}`,
      `${claims}.${end}.x.${signature}`,
      ...(purpose === 'erase'
        ? [strangers, createLinkToken(purpose, { id, expiresAt: Date.now() - 1 }, secret)]
        : []),
    ];
    return tokens.flatMap((token) => {
      const path = `/${purpose}/${token}`;
      if (purpose === 'catalogue') return [{ path }];
      return [{ path }, { method: 'POST', path, headers: FORM, body: 'do=erase' }];
    });
  });
}
