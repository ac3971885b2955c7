import { type Request, type Response, Router } from 'express';
import { readDelivery } from '../../../db/queries/deliveries.ts';
import { viewConsents } from '../../../db/queries/view-consents.ts';
import { readUnsubscribeToken } from '../../content/unsubscribe-token.ts';
import { consentFor } from '../../domain/consent.ts';
import { EVENT } from '../../domain/event.ts';
import { commitEvents } from '../../intake/commit.ts';
import { eventAbout } from '../command.ts';
import type { Api } from '../operation.ts';

/** One-click unsubscribe (RFC 8058). Only a POST changes anything: mail scanners follow every link. */
export function unsubscribeRoutes(api: Api): Router {
  const router = Router();
  const { db, config } = api.deps;

  router.get('/unsubscribe/:token', async (req, res) => {
    if (!(await deliveryOf(req))) return sendPage(res, 404, UNKNOWN);
    sendPage(res, 200, ASK);
  });

  // Mail programs post `List-Unsubscribe=One-Click`; what a body says makes no difference, so none is read.
  router.post('/unsubscribe/:token', async (req, res) => {
    const delivery = await deliveryOf(req);
    if (!delivery) return sendPage(res, 404, UNKNOWN);
    const { id, customerId, workspace } = delivery;
    const consents = await viewConsents(db.sql, customerId);
    const holds = consentFor(consents, 'marketing', 'email', '*');
    if (holds?.status !== 'withdrawn') {
      // Two clicks at once make one event; a click after somebody consented again makes another.
      const messageId = `${id}/unsubscribe/${Math.max(0, ...consents.map((c) => c.seq))}`;
      const properties = {
        purpose: 'marketing',
        channel: 'email',
        topic: '*',
        status: 'withdrawn',
        source: 'unsubscribe_link',
        delivery_id: id,
      };
      await commitEvents(api.decide, [
        eventAbout({ workspace, messageId }, customerId, EVENT.consentChanged, properties),
      ]);
      api.notify();
    }
    sendPage(res, 200, DONE);
  });
  return router;

  async function deliveryOf(req: Request) {
    const id = readUnsubscribeToken(String(req.params.token), config.secret);
    return id === null || id.includes('\u0000') ? null : readDelivery(db.sql, id);
  }
}

interface Page {
  title: string;
  body: string;
}

const ASK: Page = {
  title: 'Unsubscribe',
  body: '<p>You will get no more marketing e-mail from us.</p><form method="post"><button>Unsubscribe</button></form>',
};
const DONE: Page = {
  title: 'Unsubscribed',
  body: '<p>Done: you will get no more marketing e-mail from us.</p>',
};
const UNKNOWN: Page = { title: 'Unknown link', body: '<p>This link is not valid. Was all of it copied?</p>' };

function sendPage(res: Response, status: number, { title, body }: Page): void {
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Referrer-Policy', 'no-referrer');
  res
    .status(status)
    .type('text/html')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<title>${title}</title><h1>${title}</h1>${body}</html>`,
    );
}
