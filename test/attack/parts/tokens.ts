import { createLinkToken } from '../../../src/content/link-token.ts';
import { createUnsubscribeToken } from '../../../src/content/unsubscribe-token.ts';
import type { Request } from '../http.ts';
import { forEachOf, type Part } from '../part.ts';
import type { Target } from '../target.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const HOUR = 3_600_000;

/** Keys and links that are nearly right. */
export const tokens: Part = {
  name: 'tokens',
  what: 'tampered keys and links',
  share: null,
  async run({ target, tally }) {
    const refused: { request: Request; statuses: number[] }[] = [
      ...tamperedKeys(target).map((request) => ({ request, statuses: [401] })),
      ...tamperedLinks(target).map((request) => ({ request, statuses: [404] })),
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
    ])
      tally.expect(request, await target.http.send(request), [200]);
  },
};

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

function tamperedLinks({ home, secret }: Target): Request[] {
  const { parameters, customerId: id } = home;
  const unsubscribe = parameters['unsubscribe/{token}'] as string;
  const erase = parameters['erase/{token}'] as string;
  const delivery = parameters['deliveries/{id}'] as string;
  const other = createUnsubscribeToken(`${delivery}x`, secret);
  const [body = '', signature = ''] = unsubscribe.split('.');
  const inOneHour = Date.now() + HOUR;
  const wrongLinks = [
    ...tamper(unsubscribe).filter((token) => !meansTheSame(token, unsubscribe)),
    `${other.split('.')[0]}.${signature}`,
    `${body}.${other.split('.')[1]}`,
    `${body}.`,
    `.${signature}`,
    body,
    createUnsubscribeToken(delivery, `${secret}x`),
    createUnsubscribeToken(delivery, ''),
    createUnsubscribeToken(`${delivery}\u0000`, secret),
    erase,
  ];
  const wrongErasures = [
    ...tamper(erase),
    unsubscribe,
    createLinkToken('erase', { id, expiresAt: Date.now() - 1 }, secret),
    createLinkToken('erase', { id, expiresAt: inOneHour }, `${secret}x`),
    createLinkToken('erase', { id: `${id}x`, expiresAt: inOneHour }, secret),
    createLinkToken('other' as 'erase', { id, expiresAt: inOneHour }, secret),
  ];
  return [
    ...wrongLinks.flatMap((token) => [
      { path: `/unsubscribe/${token}` },
      { method: 'POST', path: `/unsubscribe/${token}` },
      { path: `/preferences/${token}` },
    ]),
    ...wrongErasures.flatMap((token) => [
      { path: `/erase/${token}` },
      { method: 'POST', path: `/erase/${token}` },
    ]),
  ];
}

/** Some letters of Base64 carry bits that are not read: another text may be the same token. */
function meansTheSame(token: string, original: string): boolean {
  const [body = '', signature] = token.split('.');
  const [originalBody = '', originalSignature] = original.split('.');
  const decode = (text: string) => Buffer.from(text, 'base64url').toString();
  return signature === originalSignature && decode(body) === decode(originalBody);
}
