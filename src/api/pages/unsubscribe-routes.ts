import { Router } from 'express';
import { resolveConsent } from '../../domain/customer/consent.ts';
import type { Api } from '../frame/operation.ts';
import { appendChoices, toConsentEvents } from './append-choices.ts';
import { type ConsentStatement, listMarketingPurposes } from './choices.ts';
import { html, type Markup } from './html.ts';
import { renderMailedLinkPage, renderNewLinkForm } from './link-pages.ts';
import type { MailLink } from './mail-link.ts';
import { buildOwnPage } from './own-page.ts';
import { type Page, sendPage } from './page.ts';
import type { PageOwner } from './read-visitor.ts';
import { renderAddress } from './render-address.ts';
import { fillTemplate, humanizeId } from './texts.ts';
import { createLoadOwner, handlePageErrors } from './visit.ts';

/**
 * One-click unsubscribe (RFC 8058). Only a POST changes anything: mail scanners follow every link. The link withdraws
 * however old it is, and does nothing else.
 */
export function unsubscribeRoutes(api: Api, mailLink: MailLink): Router {
  const router = Router();
  const visit = createLoadOwner(api, 'unsubscribe', (req) => (req.method === 'POST' ? 200 : 410));
  const more = ({ language }: PageOwner) => (api.deps.sendMail ? renderNewLinkForm(language.texts) : null);

  router.get('/unsubscribe/:token', async (req, res) => {
    const owner = await visit(req, res);
    if (owner) sendPage(res, 200, renderAskPage(owner, more(owner)));
  });

  // Mail programs post `List-Unsubscribe=One-Click`. The body has no effect, so it is not read.
  router.post('/unsubscribe/:token', async (req, res) => {
    const owner = await visit(req, res);
    if (!owner) return;
    if (req.query.link !== undefined) {
      const isMailed = (await mailLink('preferences', owner)) === 'mailed';
      return sendPage(res, 200, renderMailedLinkPage(owner, isMailed));
    }
    const all = req.query.all !== undefined;
    await withdraw(
      api,
      owner,
      all ? withdrawAllMarketing(owner) : [{ ...readScope(owner), status: 'withdrawn' }],
    );
    sendPage(res, 200, renderDonePage(owner, all, more(owner)));
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
  const { consents, linkId, customerId } = owner;
  const lastSeq = Math.max(0, ...consents.map((c) => c.seq));
  const newStatements = statements.filter(
    ({ purpose, channel, topic }) =>
      resolveConsent(consents, purpose, channel, topic)?.status !== 'withdrawn',
  );
  const events = toConsentEvents(newStatements, 'unsubscribe_link').map((event) => {
    const { purpose, channel, topic } = event.properties;
    const scope = `${purpose}/${channel}/${topic}`;
    return { ...event, messageId: `${linkId}/unsubscribe/${customerId}/${lastSeq}/${scope}` };
  });
  await appendChoices(api, owner, events);
}

function renderAskPage(owner: PageOwner, more: Markup | null): Page {
  const { language, brand } = owner;
  const { texts } = language;
  const old = owner.isLinkOld ? html`<p role="alert">${texts.oldUnsubscribe}</p>` : null;
  const body = html`${old}${renderAddress(owner)}<p>${fillText(owner, texts.unsubscribeTopic, texts.unsubscribeChannel)}</p>
<form method="post"><button>${texts.unsubscribeButton}</button></form>
<h2>${texts.stopTitle}</h2>
<form method="post" action="?all=1"><button class="plain">${fillTemplate(texts.unsubscribeAll, { brand })}</button></form>
${more}`;
  return buildOwnPage(owner, texts.unsubscribeTitle, body);
}

/** What was withdrawn. */
export function renderDonePage(owner: PageOwner, all: boolean, more: Markup | null = null): Page {
  const { language, brand } = owner;
  const { texts } = language;
  const done = all
    ? fillTemplate(texts.unsubscribedAll, { brand })
    : fillText(owner, texts.unsubscribedTopic, texts.unsubscribedChannel);
  const body = html`<p role="status">${done}</p>${more}`;
  return buildOwnPage(owner, texts.unsubscribedTitle, body);
}

function fillText({ about, language }: PageOwner, ofTopic: string, ofChannel: string): string {
  const channel = language.channel(about.channel);
  return about.topic === '*'
    ? fillTemplate(ofChannel, { channel })
    : fillTemplate(ofTopic, { channel, topic: humanizeId(about.topic) });
}
