import { createHash } from 'node:crypto';
import type { Response } from 'express';
import fc from 'fast-check';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../db/client.ts';
import { createApp } from '../../../src/api/app.ts';
import type { CustomerMail } from '../../../src/api/frame/deps.ts';
import { listMarketingPurposes } from '../../../src/api/pages/choices.ts';
import { Markup } from '../../../src/api/pages/html.ts';
import { renderMailedLinkPage, renderOldLinkPage } from '../../../src/api/pages/link-pages.ts';
import { renderDocument, sendPage } from '../../../src/api/pages/page.ts';
import { renderAskErasurePage, renderPreferencesPage } from '../../../src/api/pages/preferences-page.ts';
import type { PageOwner } from '../../../src/api/pages/read-visitor.ts';
import { humanizeId, resolveLanguage } from '../../../src/api/pages/texts.ts';
import { createLinkToken, type LinkPurpose } from '../../../src/content/link-token.ts';
import { compileBundle } from '../../../src/definitions/compile/bundle.ts';
import type { Consent } from '../../../src/domain/customer/consent.ts';
import { emptyProfile } from '../../../src/domain/customer/profile.ts';
import type { Bundle } from '../../../src/domain/definition.ts';
import { SECRET, startApi, type TestApi } from '../support/harness.ts';
import { shop } from '../support/shop.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({}, shop);
  api.deps.sendMail = async (mail) => mails.push(mail) > 0;
});
afterAll(() => api.stop());

/** What customers have requested. */
const mails: CustomerMail[] = [];

/** A customer who gets tips by e-mail: the first planned one. */
async function planTip(userId: string, traits: Record<string, unknown> = {}): Promise<string> {
  await api.batch(
    { type: 'identify', userId, traits: { email: `${userId}@example.com`, ...traits } },
    {
      type: 'track',
      userId,
      event: 'Consent Changed',
      properties: { purpose: 'marketing', status: 'granted' },
    },
    { type: 'track', userId, event: 'Signed Up' },
  );
  await api.decide();
  const { body } = await api.get(`/v1/customers/user:${userId}/deliveries`);
  const tip = body.data.find((delivery: { action: string }) => delivery.action === 'tip');
  return tip.id;
}

/** The token of a link in a message, or what a test puts in its place. */
function tokenOf(purpose: LinkPurpose, tip: string): string {
  return /^(dlv|cus)_/.test(tip)
    ? createLinkToken(purpose, { id: tip, expiresAt: Date.now() + 60_000 }, SECRET)
    : tip;
}

const view = async (userId: string) => (await api.get(`/v1/customers/user:${userId}`)).body;
const page = (tip: string, query = '') =>
  request(api.app).get(`/preferences/${tokenOf('preferences', tip)}${query}`);
const send = (tip: string, form: Record<string, string | string[]>) =>
  request(api.app)
    .post(`/preferences/${tokenOf('preferences', tip)}`)
    .type('form')
    .send(form);
const click = (tip: string, query = '') =>
  request(api.app)
    .post(`/unsubscribe/${tokenOf('unsubscribe', tip)}${query}`)
    .type('form')
    .send('List-Unsubscribe=One-Click');

async function eventsOf(userId: string): Promise<number> {
  const [row] = await api.db.sql`
    select count(*) as n from events where customer_id = ${await api.customerOf(userId)}`;
  return Number(row?.n);
}

/** Whether a message of this kind is allowed on this channel now. */
async function may(userId: string, channel: string, topic: string): Promise<string | undefined> {
  const { consents } = await view(userId);
  const found = consents.find(
    (c: { channel: string; topic: string }) => c.channel === channel && c.topic === topic,
  );
  return found?.status;
}

const box = (channel: string, topic: string) => JSON.stringify(['marketing', channel, topic]);
const SHOWN = ['email', 'sms'].flatMap((channel) =>
  ['tips', 'new-arrivals'].map((topic) => box(channel, topic)),
);

describe('one-click unsubscribe', () => {
  it('E-5: GET shows buttons and changes nothing; POST withdraws channel and topic of the message, once', async () => {
    const tip = await planTip('unsub');
    const asked = await request(api.app).get(`/unsubscribe/${tokenOf('unsubscribe', tip)}`);
    expect([asked.status, asked.type]).toEqual([200, 'text/html']);
    expect(asked.text).toContain('<form method="post"><button>Unsubscribe</button></form>');
    expect(asked.text).toContain('Tips, by e-mail');
    const before = await eventsOf('unsub');
    await Promise.all([click(tip), click(tip)]);
    expect((await click(tip)).status).toBe(200);
    expect(await eventsOf('unsub')).toBe(before + 1);
    expect([await may('unsub', 'email', 'tips'), await may('unsub', '*', '*')]).toEqual([
      'withdrawn',
      'granted',
    ]);
    const { consents } = await view('unsub');
    expect(consents.map((c: { source: string }) => c.source)).toContain('unsubscribe_link');
  });

  it('E-5: the second button withdraws all marketing, on every channel, for every topic', async () => {
    const tip = await planTip('all');
    await click(tip, '?all=1');
    expect((await view('all')).consents).toContainEqual(
      expect.objectContaining({ channel: '*', topic: '*', status: 'withdrawn' }),
    );
    await api.decide();
    const asked = (await api.get('/v1/customers/user:all/actions/tip')).body;
    expect(asked.channels[0].gates).toContainEqual(expect.objectContaining({ code: 'consent_withdrawn' }));
  });

  it('works again on the same link after a new consent', async () => {
    const tip = await planTip('again');
    await click(tip);
    await api.track('again', 'Consent Changed', {
      purpose: 'marketing',
      channel: 'email',
      topic: 'tips',
      status: 'granted',
    });
    expect(await may('again', 'email', 'tips')).toBe('granted');
    await click(tip);
    expect(await may('again', 'email', 'tips')).toBe('withdrawn');
  });

  it('the link works after the delivery was deleted', async () => {
    const tip = await planTip('old');
    await api.db.sql`delete from deliveries where customer_id = ${await api.customerOf('old')}`;
    expect((await click(tip)).status).toBe(200);
    expect(await may('old', 'email', '*')).toBe('withdrawn');
  });

  it('returns a page with 404 for an invalid link, on both pages', async () => {
    const tip = await planTip('forged');
    const before = await eventsOf('forged');
    for (const bad of [
      'x',
      'a.b',
      'a.b.c',
      'a.b.c.d',
      ...['dlv_none', 'dlv_none_1_1_0', 'dlv_\u0000', 'cus_none'].map((id) => tokenOf('erase', id)),
      tokenOf('erase', tip),
    ]) {
      const answers = [
        await request(api.app).get(`/unsubscribe/${bad}`),
        await click(bad),
        await page(bad),
        await send(bad, { do: 'stop' }),
      ];
      expect(answers.map((a) => [a.status, a.type])).toEqual(answers.map(() => [404, 'text/html']));
    }
    expect(await eventsOf('forged')).toBe(before);
  });
});

describe('the preference centre', () => {
  it('E-5: shows the current consents without scripts, with headers against caching and framing', async () => {
    const tip = await planTip('shown');
    const { status, text, headers } = await page(tip);
    expect(status).toBe(200);
    expect(text).toContain('Your messages from Aroma &#38; Söhne');
    for (const name of ['Tips', 'New arrivals', 'E-mail', 'SMS', '7 days', '30 days'])
      expect(text).toContain(name);
    expect(text).toContain('name="level" value="2" checked');
    expect(text).toContain('For s•••@e•••.com');
    // Each topic on the channels that its actions use, and no other.
    const boxes = [box('email', 'tips'), box('sms', 'new-arrivals')].map((name) =>
      name.replaceAll('"', '&#34;'),
    );
    expect([...text.matchAll(/name="on" value="([^"]*)" checked/g)].map(([, name]) => name)).toEqual(boxes);
    expect(text).not.toMatch(/<script|javascript:|<[^>"]*\son\w+=/i);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+';/);
  });

  it('E-5: is in the language of the customer, or in English', async () => {
    expect((await page(await planTip('de', { locale: 'de-AT' }))).text).toContain('Ihre Nachrichten von');
    const french = await page(await planTip('fr', { locale: 'fr-FR' }));
    expect([french.text.includes('<html lang="en">'), french.text.includes('Your messages')]).toEqual([
      true,
      true,
    ]);
  });

  it('E-5: topics and channels: appends only the changes, which apply at once', async () => {
    const tip = await planTip('topics');
    const before = await eventsOf('topics');
    const on = SHOWN.filter((name) => name !== box('email', 'tips'));
    const saved = await send(tip, { do: 'topics', shown: SHOWN, on });
    expect([saved.status, saved.headers.location]).toEqual([303, '?saved=1']);
    expect((await page(tip, '?saved=1')).text).toContain('role="status"');
    expect(await may('topics', 'email', 'tips')).toBe('withdrawn');
    expect(await eventsOf('topics')).toBe(before + 1);
    await send(tip, { do: 'topics', shown: SHOWN, on });
    expect(await eventsOf('topics')).toBe(before + 1);
    await send(tip, { do: 'topics', shown: SHOWN, on: SHOWN });
    expect(await may('topics', 'email', 'tips')).toBe('granted');
  });

  it('E-5: after stopping everything a ticked box grants exactly that', async () => {
    const tip = await planTip('one');
    await send(tip, { do: 'stop' });
    expect([...(await page(tip)).text.matchAll(/name="on"[^>]* checked/g)]).toHaveLength(0);
    await send(tip, { do: 'topics', shown: SHOWN, on: box('sms', 'new-arrivals') });
    const { text } = await page(tip);
    const ticked = [...text.matchAll(/name="on" value="([^"]*)" checked/g)].map((m) => m[1]);
    expect(ticked).toEqual([box('sms', 'new-arrivals').replaceAll('"', '&#34;')]);
  });

  it('B-7 E-5: the claim of a planned delivery is refused after a withdrawal', async () => {
    const tip = await planTip('under-way');
    expect((await view('under-way')).planned.map((p: { action: string }) => p.action)).toEqual(['tip']);
    await send(tip, { do: 'stop' });
    await api.decide();
    const asked = (await api.get('/v1/customers/user:under-way/actions/tip')).body;
    expect(asked).toMatchObject({ allowed: false, liftsAt: null });
    expect(asked.channels[0].liftsOn).toContain('Consent Changed');
  });

  it('E-5: snoozes for an offered length, and ends the snooze', async () => {
    const tip = await planTip('sleepy');
    await send(tip, { do: 'snooze', for: String(7 * 86_400_000) });
    const days = (Date.parse((await view('sleepy')).snoozedUntil) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.99);
    expect(days).toBeLessThanOrEqual(7);
    expect((await page(tip)).text).toContain('You get no marketing until');
    await send(tip, { do: 'wake' });
    expect((await view('sleepy')).snoozedUntil).toBeNull();
  });

  it('E-5: sets the level of personalisation', async () => {
    const tip = await planTip('private');
    expect((await view('private')).personalisation).toEqual({ level: 2, chosenByCustomer: false });
    await send(tip, { do: 'personalisation', level: '0' });
    expect((await view('private')).personalisation).toEqual({ level: 0, chosenByCustomer: true });
    expect((await page(tip)).text).toContain('name="level" value="0" checked');
  });

  it('an unknown form changes nothing and returns 400', async () => {
    const tip = await planTip('garbage');
    const before = await eventsOf('garbage');
    const forms: Record<string, string | string[]>[] = [
      {},
      { do: 'nonsense' },
      { do: ['stop', 'stop'] },
      { do: 'snooze', for: '1' },
      { do: 'snooze', for: ['604800000', '604800000'] },
      { do: 'snooze' },
      { do: 'personalisation', level: '4' },
      { do: 'personalisation', level: '-1' },
      { do: 'personalisation' },
    ];
    for (const form of forms) {
      const { status, text } = await send(tip, form);
      expect([form, status, text.includes('role="alert"')]).toEqual([form, 400, true]);
      await new Promise((resolve) => setTimeout(resolve, 220));
    }
    const large = await send(tip, { do: 'stop', more: 'x'.repeat(200_000) });
    const json = await request(api.app)
      .post(`/preferences/${tokenOf('preferences', tip)}`)
      .send({ do: 'stop' });
    expect([large.status, json.status]).toEqual([400, 400]);
    // Boxes that the page did not show are no choice.
    await send(tip, { do: 'topics', shown: [box('fax', 'tips'), 'x', '[]'], on: [box('fax', 'tips')] });
    expect(await eventsOf('garbage')).toBe(before);
  });

  it('fault 7: without a database returns a page that says that nothing was changed', async () => {
    const tip = await planTip('away');
    const db = openDatabase('postgres://nobody@127.0.0.1:1/none');
    const app = createApp({ ...api.deps, db });
    for (const answer of [
      await request(app).get(`/preferences/${tokenOf('preferences', tip)}`),
      await request(app).post(`/unsubscribe/${tokenOf('unsubscribe', tip)}`),
    ])
      expect([answer.status, answer.type, answer.text.includes('nothing was changed')]).toEqual([
        503,
        'text/html',
        true,
      ]);
    await db.close();
  });

  it('limits the rate per link', async () => {
    const tip = await planTip('hammer');
    const answers = await Promise.all(Array.from({ length: 20 }, () => page(tip)));
    const busy = answers.filter((a) => a.status === 429);
    expect(busy.length).toBeGreaterThan(5);
    expect([busy[0]?.type, busy[0]?.headers['retry-after']]).toEqual(['text/html', '1']);
  });

  it('a link in a message does not erase, and no other token opens the page that does', async () => {
    const tip = await planTip('keep-me');
    const id = await api.customerOf('keep-me');
    const now = Date.now();
    expect((await send(tip, { do: 'erase-confirmed' })).status).toBe(400);
    const valid = createLinkToken('erase', { id, expiresAt: now + 1_000_000 }, SECRET);
    const [claim, expires, signature] = valid.split('.') as [string, string, string];
    const forged = [
      tokenOf('preferences', tip),
      tokenOf('unsubscribe', tip),
      tokenOf('unsubscribe', id),
      createLinkToken('erase', { id, expiresAt: now - 1 }, SECRET),
      createLinkToken('erase', { id, expiresAt: now + 1_000_000 }, 'another secret'),
      `${claim}.${expires}9.${signature}`,
      `${claim}.${signature}`,
      `${valid}.x`,
      `${claim}.${expires}.${signature.slice(0, -1)}`,
    ];
    for (const other of forged) {
      const answers = await Promise.all([
        request(api.app).get(`/erase/${other}`),
        request(api.app).post(`/erase/${other}`),
      ]);
      expect([other, ...answers.map(({ status }) => status)]).toEqual([other, 404, 404]);
    }
    expect((await page(valid)).status).toBe(404);
    expect((await view('keep-me')).id).toBe(id);
  });

  it('says where support can help, without SMTP', async () => {
    const tip = await planTip('no-smtp');
    const { sendMail } = api.deps;
    api.deps.sendMail = undefined;
    const answer = await send(tip, { do: 'request-erasure' });
    api.deps.sendMail = sendMail;
    expect(answer.text).toContain('ask our customer service');
    expect((await view('no-smtp')).traits.email).toBe('no-smtp@example.com');
  });

  it('a public key and a user id neither redirect the mail of a customer nor erase the customer', async () => {
    await planTip('victim');
    const traits = { email: 'attacker@example.com' };
    const batch = [
      { type: 'identify', userId: 'victim', traits },
      { type: 'identify', anonymousId: 'd-attacker', traits },
      { type: 'identify', userId: 'victim', anonymousId: 'd-attacker' },
      { type: 'track', userId: 'victim', event: 'Signed Up', context: { traits } },
    ];
    await request(api.app).post('/v1/batch').auth(api.keys.browser, '').send({ batch }).expect(200);
    await api.decide();
    const { body } = await api.get('/v1/customers/user:victim/deliveries');
    const before = mails.length;
    await send(body.data[0].id, { do: 'request-erasure' });
    expect(mails.slice(before).map(({ to }) => to)).toEqual(['victim@example.com']);
    expect((await view('victim')).traits.email).toBe('victim@example.com');
  });

  it('story 10, E-5: erases after a confirmation; the link then returns 410, and the customer is not created again', async () => {
    const tip = await planTip('forget-me');
    const id = await api.customerOf('forget-me');
    const asked = await send(tip, { do: 'erase' });
    expect([asked.status, asked.text.includes('known for the longest time')]).toEqual([200, true]);
    // An address that came later gets no link.
    await api.batch({ type: 'identify', userId: 'forget-me', traits: { email: 'later@example.com' } });
    const mailed = await send(tip, { do: 'request-erasure' });
    expect([mailed.status, mailed.text.includes('Nothing was deleted yet')]).toEqual([200, true]);
    await send(tip, { do: 'request-erasure' });
    const own = mails.filter(({ to }) => /forget-me|later/.test(to));
    expect(own.map(({ to }) => to)).toEqual(['forget-me@example.com']);
    const link = /http:\/\/localhost(\/erase\/\S+)/.exec(own[0]?.text ?? '')?.[1] as string;
    expect((await request(api.app).get(link)).text).toContain('Really delete everything?');
    expect((await view('forget-me')).id).toBe(id);
    const done = await request(api.app).post(link);
    expect([done.status, done.text.includes('Your data has been deleted')]).toEqual([200, true]);
    expect((await request(api.app).post(link)).status).toBe(410);
    for (const table of ['events', 'deliveries', 'decisions', 'identities', 'consents', 'journeys']) {
      const rows = await api.db.sql`select 1 from ${api.db.sql(table)} where customer_id = ${id}`;
      expect([table, rows.length]).toEqual([table, 0]);
    }
    expect([(await page(tip)).status, (await click(tip)).status]).toEqual([410, 200]);
    // Nobody knows the customer's language any more, but the browser says its own.
    const german = await request(api.app)
      .get(`/preferences/${tokenOf('preferences', tip)}`)
      .set('Accept-Language', 'fr;q=0.9, de-AT;q=0.8, en;q=0.5');
    expect(german.text).toContain('Ihre Daten sind gelöscht');
    const french = await page(tip).set('Accept-Language', 'fr');
    expect(french.text).toContain('Your data has been deleted');
    expect((await send(tip, { do: 'stop' })).status).toBe(410);
    expect((await api.get(`/v1/customers/${id}`)).body).toMatchObject({ status: 410, code: 'erased' });
    expect((await api.get('/v1/customers/user:forget-me')).status).toBe(404);
  });

  it('B-6 E-5: works after a merge and after an unmerge, for the current customer', async () => {
    const tip = await planTip('lost');
    const lost = await api.customerOf('lost');
    await api.track('found', 'Seen');
    const by = { reason: 'the same person', actor: 'kim', wait: false };
    expect((await api.post('/v1/customers/user:lost/merge', { into: 'user:found', ...by })).status).toBe(202);
    await send(tip, { do: 'personalisation', level: '1' });
    expect((await view('found')).personalisation).toEqual({ level: 1, chosenByCustomer: true });
    const apart = await api.post(`/v1/customers/${lost}/unmerge`, by);
    expect(apart.status).toBe(202);
    await send(tip, { do: 'personalisation', level: '3' });
    expect((await api.get(`/v1/customers/${lost}`)).body).toMatchObject({
      id: apart.body.id,
      mergedInto: apart.body.id,
      personalisation: { level: 3 },
    });
    expect((await view('found')).personalisation.level).not.toBe(3);
  });
});

describe('markup', () => {
  const LINK = { linkId: 'dlv_1', isLinkOld: false, proofAddress: null, maskedAddress: 'h•••@e•••.com' };
  const compiled = compileBundle(shop(), null, 0);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  const bundle = { ...compiled.bundle, format: 2, version: 1 } as Bundle;
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=y>',
      "' onload='",
      '</style>',
      '&lt;b&gt;',
      '{brand}',
      '$&',
    ),
  );

  it('E-5: escapes names of brands, topics and channels', () => {
    fc.assert(
      fc.property(
        nasty,
        nasty,
        fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/),
        nasty,
        (brand, topic, channel, lang) => {
          const owner: PageOwner = {
            kind: 'owner',
            customerId: 'cus_1',
            workspace: 'w',
            ...LINK,
            ...LINK,
            about: {
              deliveryId: 'dlv_1',
              purpose: 'marketing',
              channel,
              topic,
              action: 'tip',
              couponId: null,
            },
            bundle: {
              ...bundle,
              workspace: {
                ...bundle.workspace,
                name: brand,
                topics: [topic],
                channels: { [channel]: { via: 'webhook', address: null } },
              },
            },
            brand,
            language: resolveLanguage(lang),
            now: 0,
            profile: emptyProfile(),
            consents: [],
            lastNow: 0,
          };
          for (const made of [renderPreferencesPage(owner, null), renderAskErasurePage(owner)]) {
            const text = renderDocument(made);
            const plain = renderDocument(
              renderPreferencesPage(
                {
                  ...owner,
                  brand: 'x',
                  bundle: {
                    ...bundle,
                    workspace: {
                      ...bundle.workspace,
                      topics: ['y'],
                      channels: { z: { via: 'webhook', address: null } },
                    },
                  },
                },
                null,
              ),
            );
            // The tags are the same as with harmless names: no inserted value became markup.
            if (made.title !== resolveLanguage(lang).texts.askTitle)
              expect(tagsOf(text)).toEqual(tagsOf(plain));
            expect(text).not.toMatch(/<script|<img|onerror=y>|onload='/);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is accessible by keyboard, screen reader and small screen: labels, headings, one column', () => {
    const said: Consent = {
      purpose: 'marketing',
      channel: 'email',
      topic: 'tips',
      status: 'granted',
      source: 's',
      at: 0,
      seq: 1,
    };
    const snoozed = { until: 5, topics: null, at: 0 };
    for (const lang of ['en', 'de']) {
      const owner: PageOwner = {
        kind: 'owner',
        customerId: 'cus_1',
        workspace: 'w',
        ...LINK,
        about: {
          deliveryId: 'dlv_1',
          purpose: 'marketing',
          channel: 'email',
          topic: 'tips',
          action: 'tip',
          couponId: null,
        },
        bundle,
        brand: 'A',
        language: resolveLanguage(lang),
        now: 0,
        profile: { ...emptyProfile(), snoozed },
        consents: [said],
        lastNow: 0,
      };
      for (const made of [
        renderPreferencesPage(owner, 'saved'),
        renderPreferencesPage(owner, 'failed'),
        renderAskErasurePage(owner),
        renderOldLinkPage(owner),
        renderMailedLinkPage(owner, true),
      ]) {
        const text = renderDocument(made);
        expect(text).toContain(`<html lang="${lang}">`);
        expect(text.match(/<h1>/g)).toHaveLength(1);
        expect(text).toContain('width=device-width');
        const inputs = text.match(/<input type="(?:checkbox|radio)"/g) ?? [];
        expect(
          text.match(/<label><input type="(?:checkbox|radio)"[^>]*> [^<]+<\/label>/g) ?? [],
        ).toHaveLength(inputs.length);
        expect(text.match(/<fieldset>(?!<legend>[^<]+<\/legend>)/)).toBeNull();
        expect(text.match(/<form/g)?.length).toBe(text.match(/<button/g)?.length);
        // Nothing needs more than 320 px of width.
        for (const [, size] of text.matchAll(/[^-]width:(\d+)px/g))
          expect(Number(size)).toBeLessThanOrEqual(320);
      }
    }
  });

  it('shows the logo of the brand, of which nothing can run, and its colour', () => {
    const body = new Markup('<p>x</p>');
    const drawing = '<svg onload="alert(1)"><script>alert(2)</script></svg>';
    const drawn = { lang: 'en', title: 't', body, brand: { name: 'A & B', color: '#7a3e1d', logo: drawing } };
    expect(renderDocument(drawn)).toContain(
      `<header><img src="data:image/svg+xml;base64,${Buffer.from(drawing).toString('base64')}" alt="A &#38; B"></header>`,
    );
    expect(renderDocument(drawn)).toContain('--accent:#7a3e1d');
    const named = { ...drawn, brand: { name: 'A & B', color: null, logo: null } };
    expect(renderDocument(named)).toContain('<header>A &#38; B</header>');
  });

  it.each([
    ['<svg></svg>', 'data:'],
    ['https://cdn.example/logo.png', 'https://cdn.example'],
  ])('the policy of a page allows its own style and the logo %s, and no script', (logo, source) => {
    const headers = new Map<string, string>();
    const res = {
      setHeader: (name: string, value: string) => headers.set(name, value),
      status: () => res,
      type: () => res,
      send: (text: string) => headers.set('body', text),
    };
    const page = {
      lang: 'en',
      title: 't',
      body: new Markup(''),
      brand: { name: 'A', color: '#123456', logo },
    };
    sendPage(res as unknown as Response, 200, page);
    const policy = headers.get('Content-Security-Policy') ?? '';
    const [, style] = /<style>(.*?)<\/style>/s.exec(headers.get('body') ?? '') ?? [];
    const hash = createHash('sha256')
      .update(style as string)
      .digest('base64');
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(policy).toContain(`img-src ${source};`);
    expect(policy).not.toContain('script-src');
    expect(policy).toContain("default-src 'none'");
  });

  it('has every text and every placeholder in every language', () => {
    const gaps = (texts: Record<string, string>) =>
      Object.entries(texts).map(([name, text]) => [name, [...text.matchAll(/\{\w+\}/g)].map(String).sort()]);
    expect(gaps(resolveLanguage('de').texts)).toEqual(gaps(resolveLanguage('en').texts));
    expect(Object.values(resolveLanguage('de').texts)).not.toContain('');
  });

  it('writes ids as words, and lists the purposes of marketing', () => {
    expect([humanizeId('new_arrivals'), humanizeId('tips'), humanizeId('__')]).toEqual([
      'New arrivals',
      'Tips',
      '__',
    ]);
    expect(listMarketingPurposes(bundle)).toEqual(['marketing']);
    expect(resolveLanguage('constructor').lang).toBe('en');
  });
});

/** Names of tags and of their attributes, in order. */
function tagsOf(text: string): string[] {
  const bare = text.replace(/<style>[\s\S]*?<\/style>/, '').replace(/="[^"]*"/g, '');
  return [...bare.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/ checked/, ''));
}
