import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/api/app.ts';
import type { CustomerMail } from '../../../src/api/frame/deps.ts';
import { createLinkToken, type LinkPurpose } from '../../../src/content/link-token.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { SECRET, startApi, type TestApi } from '../support/harness.ts';
import { shop } from '../support/shop.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, shop);
  api.deps.sendMail = async (mail) => mails.push(mail) > 0;
});
afterAll(() => api.stop());

const mails: CustomerMail[] = [];
const view = async (userId: string) => (await api.get(`/v1/customers/user:${userId}`)).body;

/** A customer who gets tips by e-mail, and the first of them. */
async function planTip(userId: string): Promise<string> {
  await api.batch(
    { type: 'identify', userId, traits: { email: `${userId}@example.com` } },
    { type: 'track', userId, event: 'Consent Changed', properties: { purpose: 'all', status: 'granted' } },
    { type: 'track', userId, event: 'Signed Up' },
  );
  await api.decide();
  return (await api.get(`/v1/customers/user:${userId}/deliveries`)).body.data[0].id;
}

interface How {
  days?: number;
  secret?: string;
  address?: string | null;
}

/** The path of a link that is valid for this many more days. */
function pathOf(purpose: LinkPurpose, id: string, { days = 1, secret = SECRET, address = null }: How = {}) {
  return `/${purpose}/${createLinkToken(purpose, { id, expiresAt: Date.now() + days * DAY, address }, secret)}`;
}

const open = (path: string, app = api.app) => request(app).get(path);
const submit = (path: string, form: Record<string, string> = {}, app = api.app) =>
  request(app).post(path).type('form').send(form);

const granted = async (userId: string) =>
  (await view(userId)).consents.some((c: { status: string }) => c.status === 'granted') &&
  !(await view(userId)).consents.some((c: { status: string }) => c.status === 'withdrawn');

describe('a link does what it is for', () => {
  test('and nothing that another one is for', async () => {
    const tip = await planTip('bound');
    const id = await api.customerOf('bound');
    for (const purpose of ['unsubscribe', 'preferences', 'erase'] as const)
      for (const other of ['unsubscribe', 'preferences', 'erase'] as const) {
        if (purpose === other) continue;
        for (const about of [tip, id]) {
          const path = pathOf(purpose, about).replace(purpose, other);
          const answers = [
            await open(path),
            await submit(path, { do: 'stop' }),
            await submit(`${path}?all=1`),
          ];
          expect([path, ...answers.map(({ status }) => status)]).toEqual([path, 404, 404, 404]);
        }
      }
    expect(await granted('bound')).toBe(true);
  });

  test('an old link to unsubscribe says so, and still unsubscribes', async () => {
    const path = pathOf('unsubscribe', await planTip('old-unsub'), { days: -1 });
    const asked = await open(path);
    expect([asked.status, asked.text.includes('This link is old')]).toEqual([200, true]);
    expect((await submit(path)).status).toBe(200);
    expect(await granted('old-unsub')).toBe(false);
  });

  test('an old link to the preferences withdraws, and changes and shows nothing else', async () => {
    const path = pathOf('preferences', await planTip('old-prefs'), { days: -1 });
    const asked = await open(path);
    expect([asked.status, asked.type]).toEqual([410, 'text/html']);
    expect(asked.text).toContain('This link is old');
    expect(asked.text).not.toContain('type="checkbox"');
    const forms: Record<string, string>[] = [
      { do: 'personalisation', level: '0' },
      { do: 'snooze', for: String(7 * DAY) },
      { do: 'erase' },
      { do: 'request-erasure' },
      { do: 'x' },
      {},
    ];
    for (const form of forms) {
      expect([form, (await submit(path, form)).status]).toEqual([form, 410]);
      await new Promise((resolve) => setTimeout(resolve, 220));
    }
    expect((await view('old-prefs')).personalisation.chosenByCustomer).toBe(false);
    expect(mails.filter(({ to }) => to.startsWith('old-prefs'))).toEqual([]);
    const stopped = await submit(path, { do: 'stop' });
    expect([stopped.status, stopped.text.includes('no more marketing')]).toEqual([200, true]);
    expect(await granted('old-prefs')).toBe(false);
  });

  test('both mail a new link to the address that was known first, once in ten minutes', async () => {
    const tip = await planTip('renew');
    await api.batch({ type: 'identify', userId: 'renew', traits: { email: 'newer@example.com' } });
    const answers = [
      await submit(pathOf('preferences', tip, { days: -1 }), { do: 'request-link' }),
      await submit(`${pathOf('unsubscribe', tip)}?link=1`),
    ];
    for (const { status, text } of answers)
      expect([status, text.includes('Open the link in it to choose')]).toEqual([200, true]);
    const sent = mails.filter(({ to }) => /renew|newer/.test(to));
    expect(sent.map(({ to }) => to)).toEqual(['renew@example.com']);
    const link = /http:\/\/localhost(\/preferences\/\S+)/.exec(sent[0]?.text ?? '')?.[1] as string;
    expect((await open(link)).text).toContain('Your messages from');
    expect((await submit(link, { do: 'personalisation', level: '1' })).status).toBe(303);
    expect((await view('renew')).personalisation).toEqual({ level: 1, chosenByCustomer: true });
    expect(await granted('renew')).toBe(true);
  });

  test('without SMTP names customer service, and offers no mail where none is needed', async () => {
    const tip = await planTip('no-mail');
    const { sendMail } = api.deps;
    api.deps.sendMail = undefined;
    const old = await submit(pathOf('preferences', tip, { days: -1 }), { do: 'request-link' });
    const asked = await open(pathOf('unsubscribe', tip));
    api.deps.sendMail = sendMail;
    expect([old.status, old.text.includes('ask our customer service')]).toEqual([200, true]);
    expect(asked.text).not.toContain('?link=1');
    expect((await open(pathOf('unsubscribe', tip))).text).toContain('?link=1');
  });
});

describe('a link to the preferences', () => {
  test('works while the address that it was sent to is one of the customer’s', async () => {
    const tip = await planTip('moved');
    const status = async (address: string) => (await open(pathOf('preferences', tip, { address }))).status;
    expect([await status('moved@example.com'), await status('stranger@example.com')]).toEqual([200, 410]);
    const second = { type: 'identify', userId: 'moved', traits: { email: 'second@example.com' } };
    await api.batch(second, { ...second, traits: { email: 'third@example.com', phone: '+491701234567' } });
    // The first is the one that proofs are sent to.
    expect(await status('moved@example.com')).toBe(200);
    expect(await status('second@example.com')).toBe(410);
    expect(await status('third@example.com')).toBe(200);
    expect(await status('+491701234567')).toBe(200);
  });

  test('keeps no power over a customer to whom a browser had given a wrong address', async () => {
    const identify = { type: 'identify', userId: 'claimed', traits: { email: 'attacker@example.com' } };
    const signUp = { type: 'track', userId: 'claimed', event: 'Signed Up' };
    const context = { consent: { categoryPreferences: { marketing: true } } };
    const batch = [{ ...identify, anonymousId: 'd-attacker', context }, signUp];
    await request(api.app).post('/v1/batch').auth(api.keys.browser, '').send({ batch }).expect(200);
    await api.decide();
    const tip = (await api.get('/v1/customers/user:claimed/deliveries')).body.data[0].id;
    const link = pathOf('preferences', tip, { address: 'attacker@example.com' });
    expect((await open(link)).status).toBe(200);
    // Nobody has proven that this is the customer's address.
    expect((await submit(link, { do: 'request-erasure' })).text).toContain('ask our customer service');
    await api.batch({ ...identify, traits: { email: 'claimed@example.com' } });
    expect((await open(link)).status).toBe(410);
    expect((await submit(link, { do: 'personalisation', level: '0' })).status).toBe(410);
    await submit(link, { do: 'request-link' });
    await submit(link, { do: 'request-erasure' });
    expect(mails.filter(({ to }) => /attacker|claimed/.test(to)).map(({ to }) => to)).toEqual([
      'claimed@example.com',
    ]);
    expect((await view('claimed')).personalisation.chosenByCustomer).toBe(false);
  });

  test('is mailed to a visitor at the address that only their browser has stated', async () => {
    const batch = [{ type: 'identify', anonymousId: 'd-visitor', traits: { email: 'visitor@example.com' } }];
    await request(api.app).post('/v1/batch').auth(api.keys.browser, '').send({ batch }).expect(200);
    const { id } = (await api.get('/v1/customers/anon:d-visitor')).body;
    await submit(pathOf('preferences', id), { do: 'request-erasure' });
    expect(mails.at(-1)?.to).toBe('visitor@example.com');
  });

  test('changes no address, whatever its forms say', async () => {
    const tip = await planTip('steady');
    const before = (await view('steady')).traits;
    const traits = { email: 'attacker@example.com', phone: '+491709999999', to: 'attacker@example.com' };
    for (const action of [
      'topics',
      'snooze',
      'wake',
      'personalisation',
      'stop',
      'erase',
      'email',
      'identify',
    ]) {
      const form = { do: action, level: '1', for: String(7 * DAY), ...traits, 'traits[email]': traits.email };
      await submit(pathOf('preferences', tip), form);
      await submit(`${pathOf('unsubscribe', tip)}?email=${traits.email}`, form);
      await new Promise((resolve) => setTimeout(resolve, 420));
    }
    expect((await view('steady')).traits).toEqual(before);
    await submit(pathOf('preferences', tip), { do: 'request-erasure', ...traits });
    expect(mails.filter(({ to }) => to === traits.email)).toEqual([]);
  });
});

describe('a change of the secret', () => {
  const NEXT = 'the secret of next year';
  const serveWith = (previousSecret: string | null) =>
    createApp({ ...api.deps, config: { ...api.deps.config, secret: NEXT, previousSecret } });

  test('links under the secret before work while it is configured, and new ones are under the new secret', async () => {
    const tip = await planTip('rotated');
    const app = serveWith(SECRET);
    const address = 'rotated@example.com';
    expect((await open(pathOf('preferences', tip, { address }), app)).status).toBe(200);
    expect((await open(pathOf('preferences', tip, { address: 'other@example.com' }), app)).status).toBe(410);
    expect((await open(pathOf('erase', await api.customerOf('rotated')), app)).status).toBe(200);
    const mailed = mails.length;
    await submit(`${pathOf('unsubscribe', tip)}?link=1`, {}, app);
    const link = /http:\/\/localhost(\S+)/.exec(mails[mailed]?.text ?? '')?.[1] as string;
    const gone = serveWith(null);
    expect([(await open(link, gone)).status, (await open(link)).status]).toEqual([200, 404]);
    expect((await submit(pathOf('unsubscribe', tip), {}, gone)).status).toBe(404);
    expect(await granted('rotated')).toBe(true);
    expect((await submit(pathOf('unsubscribe', tip), {}, app)).status).toBe(200);
    expect(await granted('rotated')).toBe(false);
  });
});

test('garbage in place of a link is answered with a page', async () => {
  const paths = [
    '',
    '/',
    '/x',
    '/a.b.c',
    '/a/b',
    '/%00',
    '/%E0%A4%A',
    '/..%2f..',
    `/${'x'.repeat(4_000)}`,
    '/é',
    '/a.b?x=%',
  ];
  for (const start of ['/unsubscribe', '/preferences', '/erase'])
    for (const path of paths) {
      const answers = [
        await open(encodeURI(start + path).replaceAll('%25', '%')),
        await submit(encodeURI(start + path).replaceAll('%25', '%')),
      ];
      for (const { status, type, text } of answers) {
        expect([start + path.slice(0, 20), type]).toEqual([start + path.slice(0, 20), 'text/html']);
        expect([400, 404]).toContain(status);
        expect(text).toContain('<h1>');
      }
    }
});
