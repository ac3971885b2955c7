import { randomBytes } from 'node:crypto';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { HttpError } from '../frame/http-error.ts';
import {
  type ConsoleFiles,
  ENCODINGS,
  type Encoding,
  NONCE_MARK,
  openConsoleFiles,
} from './console-files.ts';
import { buildPagePolicy } from './page-policy.ts';

/** The page that support tools show in a frame of theirs. */
const EMBEDDED = /^\/embed\//;
const YEAR_S = 31_536_000;
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Where the console is, and who may show its embedded page. */
export interface ConsoleOptions {
  /** The folder that the build has made. */
  dir: string;
  /** Origins of the support tools, as `CONSOLE_EMBED_ANCESTORS` lists them. */
  embedAncestors: readonly string[];
}

/**
 * Serves the console below `/console`: its files, and for every other path the page, which reads the path itself.
 * Without a build it says so, and the API works as it does otherwise.
 */
export function consoleRoutes({ dir, embedAncestors }: ConsoleOptions): Router {
  const router = Router();
  const open = openWhenBuilt(dir);
  router.get('/', leadToConsole);
  router.use('/console', refuseChanges);
  router.get('/console', (req, res, next) => {
    // Express takes `/console/` for the same path.
    if (req.path.endsWith('/')) return next();
    res.redirect(308, '/console/');
  });
  router.get('/console/assets/:name', async (req, res) => sendAsset(req, res, await open()));
  router.get('/console/assets{/*rest}', () => {
    throw noSuchFile();
  });
  router.get('/console{/*rest}', async (req, res) => {
    const { index } = await open();
    const path = req.path.slice('/console'.length);
    sendPage(res, index, EMBEDDED.test(path) ? embedAncestors : []);
  });
  return router;
}

/** Leads browsers to the console; tells other clients what is where. */
const leadToConsole: RequestHandler = (req, res) => {
  res.setHeader('Vary', 'Accept');
  res.setHeader('Cache-Control', 'no-cache');
  if (req.accepts(['json', 'html']) === 'html') return res.redirect(302, '/console/');
  res.json({
    name: 'Throughline',
    console: '/console/',
    docs: '/docs',
    openapi: '/openapi.json',
    health: '/healthz',
  });
};

const refuseChanges: RequestHandler = (req, _res, next) => {
  if (READS.has(req.method)) return next();
  const headers = { Allow: 'GET, HEAD, OPTIONS' };
  throw new HttpError(405, 'method_not_allowed', 'this path serves GET, HEAD, OPTIONS', { headers });
};

/** Opens the files when they are first asked for, and again until they are there. */
function openWhenBuilt(dir: string): () => Promise<ConsoleFiles> {
  let files: ConsoleFiles | null = null;
  return async () => {
    files ??= await openConsoleFiles(dir);
    if (files) return files;
    throw new HttpError(
      503,
      'console_not_built',
      'the console is not built: run `npm run build`, then load again',
    );
  };
}

async function sendAsset(req: Request, res: Response, files: ConsoleFiles): Promise<void> {
  const name = req.params.name as string;
  const asset = files.assets.get(name);
  if (!asset) throw noSuchFile();
  const encoding = chooseEncoding(req, asset.encodings);
  const body = await files.readAsset(name, encoding);
  res.setHeader('Vary', 'Accept-Encoding');
  res.setHeader('Cache-Control', `public, max-age=${YEAR_S}, immutable`);
  res.setHeader('Content-Type', asset.type);
  if (encoding) res.setHeader('Content-Encoding', encoding);
  res.setHeader('Content-Length', body.length);
  res.end(req.method === 'HEAD' ? undefined : body);
}

const noSuchFile = () => new HttpError(404, 'not_found', 'the console has no such file');

/** Brotli is smaller, so it goes first where a client takes both. */
function chooseEncoding(req: Request, there: readonly Encoding[]): Encoding | null {
  const offered = (Object.keys(ENCODINGS) as Encoding[]).filter((encoding) => there.includes(encoding));
  const taken = req.acceptsEncodings(...offered, 'identity');
  return offered.find((encoding) => encoding === taken) ?? null;
}

/** The page has a nonce of its own in each answer, so no cache keeps it. */
function sendPage(res: Response, index: string, ancestors: readonly string[]): void {
  const nonce = randomBytes(16).toString('base64');
  res.setHeader('Content-Security-Policy', buildPagePolicy(nonce, ancestors));
  // Older than frame-ancestors, and unable to name a site.
  if (ancestors.length > 0) res.removeHeader('X-Frame-Options');
  else res.setHeader('X-Frame-Options', 'DENY');
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('X-Robots-Tag', 'noindex');
  res.type('html').send(index.replace(NONCE_MARK, nonce));
}
