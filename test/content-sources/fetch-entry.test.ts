import { afterEach, expect, test } from 'vitest';
import { cmsSettings } from '../../src/content-sources/cms-setting.ts';
import { fetchEntry } from '../../src/content-sources/fetch-entry.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';
import { type CmsPeer, type CmsVendor, startCms } from '../support/peers/cms.ts';
import { contentfulVendor } from '../support/peers/contentful.ts';
import { directusVendor } from '../support/peers/directus.ts';
import { strapi4Vendor, strapiVendor } from '../support/peers/strapi.ts';

const started: CmsPeer[] = [];
afterEach(async () => {
  for (const peer of started.splice(0)) await peer.stop();
});

async function start(vendor: CmsVendor): Promise<CmsPeer> {
  const peer = await startCms(vendor);
  started.push(peer);
  return peer;
}

type Settings = (url: string) => Record<string, unknown>;

const VENDORS: [string, CmsVendor, Settings, entry: string, id: string][] = [
  [
    'contentful',
    contentfulVendor,
    (url) => ({ kind: 'contentful', url, space: 'cfexampleapi', token: contentfulVendor.token }),
    'nyancat',
    'nyancat',
  ],
  [
    'strapi',
    strapiVendor,
    (url) => ({ kind: 'strapi', url: `${url}/`, token: strapiVendor.token }),
    'messages/hgv1vny5cebq2l3czil1rpb3',
    'hgv1vny5cebq2l3czil1rpb3',
  ],
  [
    'strapi 4',
    strapi4Vendor,
    (url) => ({ kind: 'strapi', url, token: strapiVendor.token }),
    'messages/7',
    '7',
  ],
  [
    'directus',
    directusVendor,
    (url) => ({ kind: 'directus', url, token: directusVendor.token }),
    'messages/1',
    '1',
  ],
  [
    'any REST API',
    strapiVendor,
    (url) => ({
      kind: 'rest',
      url: `${url}/api/{entry}?locale={locale}`,
      token: strapiVendor.token,
      fields: 'data',
      version: 'data.updatedAt',
    }),
    'messages/a',
    'a',
  ],
];

const FIELDS = { title: 'Clean your grinder', body: '<p>Ten minutes.</p>' };

function ask(settings: Record<string, unknown>, entry: string, etag: string | null = null) {
  const { site } = cmsSettings.parse({ site: settings });
  return fetchEntry(CHANNEL_DEPS.outbound, site as never, { entry, locale: 'en' }, etag);
}

test.each(VENDORS)(
  'C-4 %s: an entry is read with its version, and asked for by its etag',
  async (_, vendor, settings, entry, id) => {
    const peer = await start(vendor);
    peer.publish(id, FIELDS);
    const first = await ask(settings(peer.url), entry);
    expect(first).toMatchObject({ kind: 'entry', fields: FIELDS, version: expect.stringMatching(/./) });
    const { etag } = first as { etag: string | null };
    expect(etag !== null).toBe(vendor.hasEtags);
    if (etag !== null) {
      expect(await ask(settings(peer.url), entry, etag)).toEqual({ kind: 'unchanged' });
      expect(peer.requests.at(-1)).toMatchObject({ ifNoneMatch: etag, status: 304 });
    }
    peer.publish(id, { ...FIELDS, title: 'New' });
    const newer = await ask(settings(peer.url), entry, etag);
    expect(newer).toMatchObject({ kind: 'entry', fields: { title: 'New' } });
    expect((newer as { version: string }).version).not.toBe((first as { version: string }).version);
  },
);

test.each(VENDORS)(
  '%s: a wrong token and an unknown entry are failures with their status',
  async (_, vendor, settings, entry) => {
    const peer = await start(vendor);
    expect(await ask(settings(peer.url), entry)).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining(String(vendor.refuse.missing.status)),
    });
    expect(await ask({ ...settings(peer.url), token: 'other' }, entry)).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('401'),
    });
  },
);

test('faults 22: an answer that is garbage, another form, a redirect, too long or none is a failure', async () => {
  const peer = await start(strapiVendor);
  const [, , settings, entry] = VENDORS[1] as (typeof VENDORS)[number];
  const answers: [(typeof peer)['fault'], RegExp][] = [
    [(_, res) => res.end('<html>'), /no JSON/],
    [(_, res) => res.end('[]'), /not that of strapi/],
    [(_, res) => res.end('{"data": null, "error": {"status": 500}}'), /not that of strapi/],
    [(_, res) => void res.writeHead(302, { location: 'http://169.254.169.254/' }).end(), /redirects/],
    [(_, res) => res.end(JSON.stringify({ data: { body: 'x'.repeat(600_000) } })), /longer than/],
    [(_, res) => void res.writeHead(500).end('{}'), /500/],
    [(req) => void req.socket.destroy(), /./],
  ];
  for (const [fault, reason] of answers) {
    peer.fault = fault;
    expect(await ask(settings(peer.url), entry)).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(reason),
    });
  }
  peer.fault = (_, res) => void res.writeHead(429, { 'retry-after': '7' }).end();
  expect(await ask(settings(peer.url), entry)).toMatchObject({ kind: 'failed', retryAfterMs: 7_000 });
});

test('faults 27: a CMS on an address that is not permitted is not called', async () => {
  const peer = await start(strapiVendor);
  peer.publish('a', FIELDS);
  const { site } = cmsSettings.parse({ site: { kind: 'strapi', url: peer.url, token: strapiVendor.token } });
  const guarded = createOutbound({ hosts: [], networks: [] });
  const result = await fetchEntry(guarded, site as never, { entry: 'messages/a', locale: 'en' }, null);
  expect(result).toMatchObject({ kind: 'failed', reason: expect.stringContaining('OUTBOUND_ALLOW') });
  expect(peer.requests).toEqual([]);
});

test.each([
  [{ site: { kind: 'wordpress' } }, 'must be one of contentful, directus, rest, strapi'],
  [{ site: { kind: 'strapi', url: 'ftp://x' } }, 'https://'],
  [{ site: { kind: 'rest', url: 'https://x.example/a' } }, '{entry}'],
  [{ 'My Site': { kind: 'strapi', url: 'https://x.example' } }, 'must be an id'],
])('the setting CMS refuses %j', (setting, message) => {
  expect(JSON.stringify(cmsSettings.safeParse(setting).error?.issues)).toContain(message);
});
