import { html, type Markup } from './html.ts';
import { buildOwnPage } from './own-page.ts';
import type { Page } from './page.ts';
import { FORM_ACTIONS, form } from './preferences-page.ts';
import type { PageOwner } from './read-visitor.ts';
import type { Texts } from './texts.ts';

/** The page of a link to the preferences that has become old. It is no dead end: it withdraws, and mails a new link. */
export function renderOldLinkPage(owner: PageOwner): Page {
  const { texts } = owner.language;
  const body = html`<p role="alert">${texts.oldLink}</p>
<p>${texts.newLinkText}</p>${form(FORM_ACTIONS.requestLink, html`<button>${texts.newLink}</button>`)}
<h2>${texts.stopTitle}</h2><p>${texts.stopText}</p>
${form(FORM_ACTIONS.stop, html`<button class="plain">${texts.stop}</button>`)}`;
  return buildOwnPage(owner, texts.oldLinkTitle, body);
}

/** What became of a new link. */
export function renderMailedLinkPage(owner: PageOwner, isMailed: boolean): Page {
  const { texts } = owner.language;
  const [title, text] = isMailed
    ? [texts.askedTitle, texts.linkMailed]
    : [texts.noMailTitle, texts.noLinkMailed];
  return buildOwnPage(owner, title, html`<p role="status">${text}</p>`);
}

/** The form of the unsubscribe page: its link chooses nothing, so the link that does comes by mail. */
export function renderNewLinkForm(texts: Texts): Markup {
  return html`<h2>${texts.more}</h2><p>${texts.newLinkText}</p>
<form method="post" action="?link=1"><button class="plain">${texts.newLink}</button></form>`;
}
