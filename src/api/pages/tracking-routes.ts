import { type Response, Router } from 'express';
import { readClickToken, readOpenToken } from '../../content/tracking-token.ts';
import type { Api } from '../frame/operation.ts';
import { isAutomatic } from './is-automatic.ts';
import { sendPage, setPrivateHeaders } from './page.ts';
import { describeUnknownLink } from './visit.ts';

/** A transparent GIF of one pixel. */
const IMAGE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/**
 * Links and images of tracked messages. The token says where a link leads, so the answer needs no database and waits for
 * nothing; the click is recorded afterwards. No cookie is set, and neither address nor program of the reader is kept.
 */
export function trackingRoutes({ deps }: Api): Router {
  const router = Router();
  const { hits, config } = deps;

  router.get('/r/:token', (req, res) => {
    const now = Date.now();
    const link = readClickToken(String(req.params.token), { ...config, now });
    if (!link) return sendPage(res, 404, describeUnknownLink(req));
    const { workspace, deliveryId, url, position, isExpired } = link;
    if (!isExpired)
      hits.add({
        workspace,
        deliveryId,
        kind: 'clicked',
        at: now,
        automatic: isAutomatic('clicked', req),
        url,
        position,
      });
    setAnswerHeaders(res);
    res.setHeader('Location', toAscii(url));
    res.status(302).end();
  });

  // Whatever the token: a reader sees no broken image.
  router.get('/o/:token.gif', (req, res) => {
    const now = Date.now();
    const message = readOpenToken(String(req.params.token), { ...config, now });
    if (message && !message.isExpired) {
      const { workspace, deliveryId } = message;
      hits.add({ workspace, deliveryId, kind: 'opened', at: now, automatic: isAutomatic('opened', req) });
    }
    setAnswerHeaders(res);
    // Mailboxes in browsers show it on their own pages.
    res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    res.status(200).type('image/gif').send(IMAGE);
  });
  return router;
}

function setAnswerHeaders(res: Response): void {
  setPrivateHeaders(res);
  res.setHeader('Content-Security-Policy', "default-src 'none'");
}

/** A header holds ASCII; most addresses are, and stay exactly as they were written. */
function toAscii(url: string): string {
  return /^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href;
}
