import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAutomaticRequest, isBurst } from '../../src/domain/automatic-hit.ts';

const PEOPLE = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
];
const get = (userAgent: string, over: object = {}) => ({ method: 'GET', userAgent, purpose: '', ...over });

test('browsers of people click; scanners, previews and programs do not', () => {
  for (const agent of PEOPLE)
    expect([agent, isAutomaticRequest('clicked', get(agent))]).toEqual([agent, false]);
  const machines = [
    '',
    'Mozilla/5.0',
    'curl/8.5.0',
    'python-requests/2.32.3',
    'Go-http-client/2.0',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
    'facebookexternalhit/1.1',
    'WhatsApp/2.23.20.0',
    'Mozilla/5.0 (Windows NT 10.0) BingPreview/1.0b',
    'Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/141.0.0.0 Safari/537.36',
  ];
  for (const agent of machines)
    expect([agent, isAutomaticRequest('clicked', get(agent))]).toEqual([agent, true]);
});

test('proxies of mailboxes open; a program that shows mails, with or without a name, is a person', () => {
  const proxies = [
    'Mozilla/5.0',
    'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
    'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
  ];
  for (const agent of proxies)
    expect([agent, isAutomaticRequest('opened', get(agent))]).toEqual([agent, true]);
  for (const agent of [
    ...PEOPLE,
    '',
    'Thunderbird/140.0',
    'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18526; Pro)',
  ])
    expect([agent, isAutomaticRequest('opened', get(agent))]).toEqual([agent, false]);
});

test('a HEAD request and a prefetch are a machine’s', () => {
  for (const kind of ['opened', 'clicked'] as const) {
    expect(isAutomaticRequest(kind, get(PEOPLE[0] as string, { method: 'HEAD' }))).toBe(true);
    expect(isAutomaticRequest(kind, get(PEOPLE[0] as string, { purpose: 'prefetch;prerender' }))).toBe(true);
  }
});

test('three links within three seconds are a scanner’s; the same link three times, and three in a minute, a person’s', () => {
  expect(
    isBurst([
      { position: 0, at: 0 },
      { position: 1, at: 1_000 },
      { position: 2, at: 3_000 },
    ]),
  ).toBe(true);
  expect(
    isBurst([
      { position: 0, at: 0 },
      { position: 0, at: 1 },
      { position: 0, at: 2 },
    ]),
  ).toBe(false);
  expect(
    isBurst([
      { position: 0, at: 0 },
      { position: 1, at: 2_000 },
      { position: 2, at: 4_000 },
    ]),
  ).toBe(false);
  const hits = fc.array(fc.record({ position: fc.nat(3), at: fc.nat(9_000) }), { maxLength: 8 });
  fc.assert(fc.property(hits, (list) => isBurst(list.toReversed()) === isBurst(list)));
});
