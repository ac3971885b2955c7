import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readCmsVersion, withCmsCopies } from '../../../db/cms/cms-content.ts';
import { createContentCache } from '../../../db/config/content-cache.ts';
import { type CmsDeps, refreshCopies } from '../../../src/app/cms/refresh-copies.ts';
import { cmsSettings } from '../../../src/content-sources/cms-setting.ts';
import { fetchEntry } from '../../../src/content-sources/fetch-entry.ts';
import { createCmsDeps } from '../../../src/service/cms-deps.ts';
import { startApi, type TestApi, WORKSPACE } from '../../api/support/harness.ts';
import { type BundleFile, treatEveryCustomer } from '../../support/bundles.ts';
import { CHANNEL_DEPS } from '../../support/channel-deps.ts';
import { inlineCompiler } from '../../support/inline-compiler.ts';
import { type CmsPeer, startCms } from '../../support/peers/cms.ts';
import { contentfulVendor } from '../../support/peers/contentful.ts';

const FILE = 'content/tip-milk/email.en.liquid';
const CMS_YAML = `
- { file: ${FILE}, source: site, entry: milk, fields: { subject: title, html: body, preheader: teaser } }
`;
const GOOD = {
  title: 'Milk, "foamed"',
  teaser: 'soft',
  body: '<p>Hello {{ traits.firstName }}</p>{{ unsubscribe_url }}',
};

let api: TestApi;
let peer: CmsPeer;
let deps: CmsDeps;
const logged: object[] = [];

beforeAll(async () => {
  api = await startApi({}, (files: BundleFile[]) => [
    ...treatEveryCustomer(files),
    { path: 'cms.yaml', text: CMS_YAML },
  ]);
});
afterAll(() => api.stop());

beforeEach(async () => {
  peer = await startCms(contentfulVendor);
  await api.db.sql`delete from cms_copies`;
  logged.length = 0;
  const setting = { kind: 'contentful', url: peer.url, space: 'cfexampleapi', token: contentfulVendor.token };
  const { site } = cmsSettings.parse({ site: setting });
  deps = {
    db: api.db,
    bundles: api.deps.bundles,
    compiler: inlineCompiler,
    fetchEntry: (_workspace, _source, request, etag) =>
      fetchEntry(CHANNEL_DEPS.outbound, site as never, request, etag),
    log: {
      info: (entry: object) => logged.push(entry),
      warn: (entry: object) => logged.push(entry),
    } as never,
    refreshMs: 0,
  };
});
afterEach(() => peer.stop());

/** As a worker that has just started reads the content. */
const readFiles = () => withCmsCopies(createContentCache(), api.deps.bundles)(api.db.sql, WORKSPACE, 1);
const readFile = async () => (await readFiles()).get(FILE);
const readEntry = async () => (await api.get('/v1/config/cms')).body.data[0];
const refresh = () => refreshCopies(deps);

describe('C-4 content of a CMS', () => {
  it('takes the place of the file of the bundle, and an edit that of the copy', async () => {
    expect(await readEntry()).toMatchObject({ file: FILE, uses: 'file', error: null });
    expect(await readFile()).not.toContain('Milk, ');
    peer.publish('milk', GOOD);
    await refresh();
    expect(await readFile()).toBe(`---\nsubject: "Milk, \\"foamed\\""\npreheader: "soft"\n---\n${GOOD.body}`);
    expect(await readEntry()).toMatchObject({ uses: 'copy', version: '1', entry: 'milk', error: null });
    expect(readCmsVersion(await readFiles(), FILE)).toMatchObject({
      source: 'site',
      entry: 'milk',
      version: '1',
    });
    expect(readCmsVersion(await readFiles(), 'content/tip-milk/email.de.liquid')).toBeNull();
    await refresh();
    expect(peer.requests.map(({ status }) => status)).toEqual([200, 304]);
    peer.publish('milk', { ...GOOD, title: 'Oat milk' });
    await refresh();
    expect(await readFile()).toContain('Oat milk');
    expect(await readEntry()).toMatchObject({ version: '2' });
  });

  it.each([
    ['is away', (p: CmsPeer) => p.stop().then(() => undefined)],
    [
      'answers garbage',
      async (p: CmsPeer) => {
        p.fault = (_, res) => res.end('<html>');
      },
    ],
    ['has unpublished the entry', async (p: CmsPeer) => void p.entries.clear()],
    ['has an entry without a body', async (p: CmsPeer) => p.publish('milk', { title: 'x' })],
    [
      'has a template that does not parse',
      async (p: CmsPeer) => p.publish('milk', { ...GOOD, body: '{% if %}' }),
    ],
    [
      'has one that reads a file',
      async (p: CmsPeer) => p.publish('milk', { ...GOOD, body: "{% include 'x' %}" }),
    ],
    ['has one of 300 kB', async (p: CmsPeer) => p.publish('milk', { ...GOOD, body: 'x'.repeat(300_000) })],
    [
      'has one that reads what the action does not read',
      async (p: CmsPeer) => p.publish('milk', { ...GOOD, body: '{{ traits.secret }} {{ unsubscribe_url }}' }),
    ],
  ])('keeps the last good copy while the CMS %s, and says why', async (_, break_) => {
    peer.publish('milk', GOOD);
    await refresh();
    const copy = await readFile();
    await break_(peer);
    await refresh();
    await refresh();
    expect(await readFile()).toBe(copy);
    expect(await readEntry()).toMatchObject({
      uses: 'copy',
      version: '1',
      error: expect.stringMatching(/./),
    });
    expect(logged).toHaveLength(1);
  });

  it('a bad edit is compiled once; the next good one is used', async () => {
    peer.publish('milk', GOOD);
    await refresh();
    let compiled = 0;
    deps.compiler = {
      ...inlineCompiler,
      run: (...work) => {
        compiled++;
        return inlineCompiler.run(...work);
      },
    };
    peer.publish('milk', { ...GOOD, body: '{{ traits.x | nofilter }}' });
    for (const _ of [1, 2, 3]) await refresh();
    expect(compiled).toBe(1);
    peer.publish('milk', { ...GOOD, title: 'Mended' });
    await refresh();
    expect([await readFile(), (await readEntry()).error]).toEqual([expect.stringContaining('Mended'), null]);
  });

  it('the entries that are due are shared out: two relays ask once', async () => {
    peer.publish('milk', GOOD);
    deps.refreshMs = 60_000;
    await Promise.all([refresh(), refresh()]);
    await refresh();
    expect(peer.requests).toHaveLength(1);
  });

  it('a copy belongs to what the bundle names: another entry does not get it', async () => {
    peer.publish('milk', GOOD);
    await refresh();
    await api.db.sql`update cms_copies set origin = 'of an earlier bundle'`;
    expect(await readFile()).not.toContain('foamed');
  });

  it('a CMS that the operator has not set up, or not for this workspace, is named', async () => {
    const config = { cms: {}, outboundAllow: { hosts: [], networks: [] } } as never;
    const log = deps.log as never;
    await refreshCopies({ ...createCmsDeps({ ...deps, config, log }), refreshMs: 0 });
    expect(await readEntry()).toMatchObject({
      uses: 'file',
      error: expect.stringContaining('there is no CMS site'),
    });
  });
});
