import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import express, { type Express } from 'express';
import pino from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleRoutes } from '../../../src/api/console/routes.ts';
import { problemHandler, unknownPath } from '../../../src/api/frame/problem.ts';
import { startApi } from '../support/harness.ts';

const HELP_DESK = 'https://aroma.zendesk.com';
const INDEX = '<!doctype html><meta property="csp-nonce" nonce="__NONCE__"><title>Throughline</title>';

/** What a build makes, in small. */
function writeBuild(dir: string): void {
  mkdirSync(path.join(dir, 'assets'), { recursive: true });
  writeFileSync(path.join(dir, 'index.html'), INDEX);
  writeFileSync(path.join(dir, 'build.json'), '{}');
  writeFileSync(path.join(dir, 'assets', 'page-1a.js'), 'plain');
  writeFileSync(path.join(dir, 'assets', 'page-1a.js.br'), brotliCompressSync('plain'));
  writeFileSync(path.join(dir, 'assets', 'page-1a.js.gz'), gzipSync('plain'));
  writeFileSync(path.join(dir, 'assets', 'small-2b.css'), 'p{}');
}

function serve(dir: string, embedAncestors: string[] = []): Express {
  const app = express();
  app.use(consoleRoutes({ dir, embedAncestors }));
  app.use(unknownPath);
  app.use(problemHandler(pino({ level: 'silent' })));
  return app;
}

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'throughline-console-'));
  writeBuild(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('the page', () => {
  it.each(['/console/', '/console/customers/user:helen', '/console/no/such/page', '/console/a%2fb?x=1'])(
    'GET %s is the page, with a nonce of its own, and is not kept',
    async (url) => {
      const app = serve(dir);
      const [first, second] = [await request(app).get(url), await request(app).get(url)];
      expect([first.status, first.type]).toEqual([200, 'text/html']);
      expect(first.headers['cache-control']).toBe('no-store');
      const nonce = /nonce="([^"]{20,})"/.exec(first.text)?.[1];
      expect(first.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
      expect(second.text).not.toContain(nonce);
    },
  );

  it('loads and runs files of this server only, and no site may show it in a frame', async () => {
    const { headers } = await request(serve(dir, [HELP_DESK])).get('/console/customers/user:helen');
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|https?:/);
    expect(headers['x-frame-options']).toBe('DENY');
  });

  it('the embedded page may be shown by the sites of the setting, and by none without it', async () => {
    const url = '/console/embed/customers/user:helen?token=et_x';
    const allowed = await request(serve(dir, [HELP_DESK, 'https://b.example'])).get(url);
    expect(allowed.headers['content-security-policy']).toContain(
      `frame-ancestors ${HELP_DESK} https://b.example`,
    );
    expect(allowed.headers['x-frame-options']).toBeUndefined();
    const refused = await request(serve(dir)).get(url);
    expect(refused.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('/console leads to /console/', async () => {
    const { status, headers } = await request(serve(dir)).get('/console');
    expect([status, headers.location]).toEqual([308, '/console/']);
  });
});

describe('files', () => {
  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate', 'gzip'],
    ['gzip;q=1, br;q=0', 'gzip'],
    ['identity', undefined],
  ])('to a client that takes %s it is sent as %s', async (encodings, encoding) => {
    const { status, headers, text } = await request(serve(dir))
      .get('/console/assets/page-1a.js')
      .set('Accept-Encoding', encodings);
    expect([status, headers['content-encoding'], text]).toEqual([200, encoding, 'plain']);
    expect(headers.vary).toBe('Accept-Encoding');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('HEAD has the headers and no body', async () => {
    const { status, headers, text } = await request(serve(dir)).head('/console/assets/small-2b.css');
    expect([status, headers['content-length'], text]).toEqual([200, '3', undefined]);
  });

  it.each([
    '/console/assets/missing-3c.js',
    '/console/assets/page-1a.js.br',
    '/console/assets/',
    '/console/assets/a/b.js',
    '/console/assets/..%2fbuild.json',
    '/console/assets/%2e%2e%2f%2e%2e%2fpackage.json',
    '/console/assets/__proto__',
  ])('GET %s is a 404 problem: nothing but files of the build is served', async (url) => {
    const { status, body } = await request(serve(dir)).get(url);
    expect([status, body.code]).toEqual([404, 'not_found']);
  });

  it.each(['/console/build.json', '/console/manifest.json', '/console/index.html'])(
    'GET %s is the page, and no file',
    async (url) => {
      const { type, text } = await request(serve(dir)).get(url);
      expect([type, text.includes('<title>')]).toEqual(['text/html', true]);
    },
  );
});

describe('other requests', () => {
  it.each(['/console', '/console/', '/console/customers', '/console/assets/page-1a.js'])(
    'POST %s is a 405 problem with Allow',
    async (url) => {
      const { status, body, headers } = await request(serve(dir)).post(url).send({});
      expect([status, body.code, headers.allow]).toEqual([405, 'method_not_allowed', 'GET, HEAD, OPTIONS']);
    },
  );

  it('without a build says what to do, until there is one', async () => {
    const later = path.join(dir, 'later');
    const app = serve(later);
    const { status, body } = await request(app).get('/console/');
    expect([status, body.code]).toEqual([503, 'console_not_built']);
    expect(body.detail).toContain('npm run build');
    writeBuild(later);
    expect((await request(app).get('/console/')).status).toBe(200);
  });
});

describe('/ of the whole API', () => {
  it('leads browsers to the console, and tells other clients what is where', async () => {
    const api = await startApi();
    try {
      const browser = await request(api.app)
        .get('/')
        .set('Accept', 'text/html,application/xhtml+xml,*/*;q=0.8');
      expect([browser.status, browser.headers.location]).toEqual([302, '/console/']);
      const other = await request(api.app).get('/');
      expect(other.body).toMatchObject({ console: '/console/', docs: '/docs', health: '/healthz' });
      expect(other.headers.vary).toBe('Accept');
      expect((await request(api.app).delete('/')).status).toBe(404);
    } finally {
      await api.stop();
    }
  });
});
