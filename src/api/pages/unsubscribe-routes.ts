import { Router } from 'express';
import { resolveConsent } from '../../domain/customer/consent.ts';
import type { Api } from '../frame/operation.ts';
import { appendChoices, toConsentEvents } from './append-choices.ts';
import { type ConsentStatement, listMarketingPurposes } from './choices.ts';
import { html, type Markup } from './html.ts';
import { type Page, sendPage } from './page.ts';
import type { PageOwner } from './read-visitor.ts';
import { fillTemplate, humanizeId } from './texts.ts';
import { createLoadOwner, handlePageErrors } from './visit.ts';

/** One-click unsubscribe (RFC 8058). Only a POST changes anything: mail scanners follow every link. */
export function unsubscribeRoutes(api: Api): Router {
  const router = Router();
  const visit = createLoadOwner(api, (req) => (req.method === 'POST' ? 200 : 410));

  router.get('/unsubscribe/:token', async (req, res) => {
    const owner = await visit(req, res);
    if (owner) sendPage(res, 200, renderAskPage(owner, String(req.params.token)));
  });

  // Mail programs post `List-Unsubscribe=One-Click`. The body has no effect, so it is not read.
  router.post('/unsubscribe/:token', async (req, res) => {
    const owner = await visit(req, res);
    if (!owner) return;
    const all = req.query.all !== undefined;
    await withdraw(
      api,
      owner,
      all ? withdrawAllMarketing(owner) : [{ ...readScope(owner), status: 'withdrawn' }],
    );
    sendPage(res, 200, renderDonePage(owner, String(req.params.token), all));
  });
  router.use('/unsubscribe', handlePageErrors(api));
  return router;
}

function readScope({ about: { purpose, channel, topic } }: PageOwner): Omit<ConsentStatement, 'status'> {
  return { purpose, channel, topic };
}

/** Withdrawals for all channels and topics, for every purpose that marketing has. */
export function withdrawAllMarketing({ bundle, about }: PageOwner): ConsentStatement[] {
  const purposes = new Set([...listMarketingPurposes(bundle), about.purpose]);
  return [...purposes].map((purpose) => ({ purpose, channel: '*', topic: '*', status: 'withdrawn' }));
}

/** Two clicks at once append one event. A click after a new consent appends another. */
async function withdraw(api: Api, owner: PageOwner, statements: ConsentStatement[]): Promise<void> {
  const { consents, about, customerId } = owner;
  const lastSeq = Math.max(0, ...consents.map((c) => c.seq));
  const newStatements = statements.filter(
    ({ purpose, channel, topic }) =>
      resolveConsent(consents, purpose, channel, topic)?.status !== 'withdrawn',
  );
  const events = toConsentEvents(newStatements, 'unsubscribe_link').map((event) => {
    const { purpose, channel, topic } = event.properties;
    const scope = `${purpose}/${channel}/${topic}`;
    return { ...event, messageId: `${about.deliveryId}/unsubscribe/${customerId}/${lastSeq}/${scope}` };
  });
  await appendChoices(api, owner, events);
}

function renderAskPage(owner: PageOwner, token: string): Page {
  const { language, brand } = owner;
  const { texts, lang } = language;
  const body = html`<p>${fillText(owner, texts.unsubscribeTopic, texts.unsubscribeChannel)}</p>
<form method="post"><button>${texts.unsubscribeButton}</button></form>
<h2>${texts.stopTitle}</h2>
<form method="post" action="?all=1"><button class="plain">${fillTemplate(texts.unsubscribeAll, { brand })}</button></form>
${more(texts.more, token)}`;
  return { lang, title: texts.unsubscribeTitle, body };
}

function renderDonePage(owner: PageOwner, token: string, all: boolean): Page {
  const { language, brand } = owner;
  const { texts, lang } = language;
  const done = all
    ? fillTemplate(texts.unsubscribedAll, { brand })
    : fillText(owner, texts.unsubscribedTopic, texts.unsubscribedChannel);
  const body = html`<p role="status">${done}</p>${more(texts.more, token)}`;
  return { lang, title: texts.unsubscribedTitle, body };
}

function fillText({ about, language }: PageOwner, ofTopic: string, ofChannel: string): string {
  const channel = language.channel(about.channel);
  return about.topic === '*'
    ? fillTemplate(ofChannel, { channel })
    : fillTemplate(ofTopic, { channel, topic: humanizeId(about.topic) });
}

function more(text: string, token: string): Markup {
  return html`<p><a href="${`../preferences/${token}`}">${text}</a></p>`;
}
