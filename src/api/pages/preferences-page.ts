import { DAY, HOUR, type Instant, type Millis } from '../../domain/time/time.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import { type ConsentCell, formatCellName, isGranted, listCells } from './choices.ts';
import { html, type Markup } from './html.ts';
import { buildOwnPage } from './own-page.ts';
import type { Page } from './page.ts';
import type { PageOwner } from './read-visitor.ts';
import { renderAddress } from './render-address.ts';
import { fillTemplate, humanizeId, type Texts } from './texts.ts';

/** The values of the form field `do`: what a form requests. */
export const FORM_ACTIONS = {
  topics: 'topics',
  snooze: 'snooze',
  wake: 'wake',
  personalisation: 'personalisation',
  stop: 'stop',
  erase: 'erase',
  requestErasure: 'request-erasure',
  requestLink: 'request-link',
} as const;

export type Notice = 'saved' | 'failed' | null;

/** The customer's own page: everything that they may choose. Plain forms: it works without scripts, at 320 px, by keyboard. */
export function renderPreferencesPage(owner: PageOwner, notice: Notice): Page {
  const { language, brand } = owner;
  const { texts } = language;
  const stop = html`<p>${texts.stopText}</p>
${form(FORM_ACTIONS.stop, html`<button class="plain">${texts.stop}</button>`)}`;
  const erase = html`<p>${texts.eraseText}</p>
${form(FORM_ACTIONS.erase, html`<button class="danger">${texts.erase}</button>`)}`;
  const body = html`${renderNotice(texts, notice)}${renderAddress(owner)}<p>${texts.intro}</p>
${topicsForm(owner)}${snoozeSection(owner)}${personalSection(owner)}
${section(texts.stopTitle, stop)}${section(texts.eraseTitle, erase)}`;
  return buildOwnPage(owner, fillTemplate(texts.title, { brand }), body);
}

/** The second step of an erasure: a mail to the customer, whose link is the third. */
export function renderAskErasurePage(owner: PageOwner): Page {
  const { texts } = owner.language;
  const body = html`<p role="alert">${texts.askText}</p>
${form(FORM_ACTIONS.requestErasure, html`<button class="danger">${texts.ask}</button>`)}
<p><a href="?">${texts.back}</a></p>`;
  return buildOwnPage(owner, texts.askTitle, body);
}

/** What became of the mail. */
export function renderErasureAnswerPage(owner: PageOwner, isMailed: boolean): Page {
  const { texts } = owner.language;
  const [title, text] = isMailed ? [texts.askedTitle, texts.asked] : [texts.noMailTitle, texts.noMail];
  return buildOwnPage(owner, title, html`<p role="status">${text}</p><p><a href="?">${texts.more}</a></p>`);
}

function renderNotice(texts: Texts, notice: Notice): Markup | null {
  if (notice === null) return null;
  return notice === 'saved'
    ? html`<p role="status">${texts.saved}</p>`
    : html`<p role="alert">${texts.failed}</p>`;
}

export function form(what: string, fields: Markup): Markup {
  return html`<form method="post"><input type="hidden" name="do" value="${what}">${fields}</form>`;
}

/** What few customers look for is closed at first, so that the page is short on a phone. */
function section(title: string, content: Markup, { isOpen = false } = {}): Markup {
  return html`<details${isOpen ? html` open` : null}><summary><h2>${title}</h2></summary>${content}</details>`;
}

function topicsForm(owner: PageOwner): Markup {
  const { texts } = owner.language;
  const cells = listCells(owner.bundle);
  const groups = groupBy(cells, ({ purpose, topic }) => JSON.stringify([purpose, topic]));
  const fieldsets = [...groups.values()].map((group) => fieldset(owner, group));
  return html`<h2>${texts.topicsTitle}</h2>
${form(FORM_ACTIONS.topics, html`${fieldsets}<button>${texts.save}</button>`)}`;
}

/** `shown` lists the boxes of the page, so that saving an old page does not change boxes added since. */
function fieldset({ consents, language }: PageOwner, cells: ConsentCell[]): Markup {
  const { purpose, topic } = cells[0] as ConsentCell;
  const name = topic === '*' ? language.texts.allTopics : humanizeId(topic);
  const legend = purpose === 'marketing' ? name : `${name} (${humanizeId(purpose)})`;
  const boxes = cells.map((cell) => {
    const value = formatCellName(cell);
    const checked = isGranted(consents, cell) ? html` checked` : null;
    return html`<input type="hidden" name="shown" value="${value}"><label><input type="checkbox" name="on" value="${value}"${checked}> ${capital(language.channel(cell.channel))}</label>`;
  });
  return html`<fieldset><legend>${legend}</legend>${boxes}</fieldset>`;
}

function snoozeSection({ bundle, profile, language, now }: PageOwner): Markup | null {
  const { texts, lang } = language;
  const until = profile.snoozed && profile.snoozed.until > now ? profile.snoozed.until : null;
  const choices = bundle?.workspace.snooze ?? [];
  if (until === null && choices.length === 0) return null;
  const radios = choices.map(
    (length, i) =>
      html`<label><input type="radio" name="for" value="${length}"${i === 0 ? html` checked` : null}> ${formatLength(length, texts)}</label>`,
  );
  const sleeping =
    until === null
      ? null
      : html`<p>${fillTemplate(texts.snoozed, { date: formatDate(until, lang, bundle?.workspace.timezone) })}</p>
${form(FORM_ACTIONS.wake, html`<button class="plain">${texts.wake}</button>`)}`;
  const asking =
    choices.length === 0
      ? null
      : form(
          FORM_ACTIONS.snooze,
          html`<fieldset><legend>${texts.snoozeFor}</legend>${radios}</fieldset><button class="plain">${texts.snooze}</button>`,
        );
  return section(texts.snoozeTitle, html`${sleeping}${asking}`, { isOpen: until !== null });
}

function personalSection({ bundle, profile, language }: PageOwner): Markup {
  const { texts } = language;
  const level = profile.personalisation?.level ?? bundle?.workspace.personalisation ?? 0;
  const radios = [texts.level0, texts.level1, texts.level2, texts.level3].map(
    (text, i) =>
      html`<label><input type="radio" name="level" value="${i}"${i === level ? html` checked` : null}> ${text}</label>`,
  );
  const fields = html`<fieldset><legend>${texts.personalTitle}</legend>${radios}</fieldset><button>${texts.save}</button>`;
  return section(texts.personalTitle, form(FORM_ACTIONS.personalisation, fields));
}

function formatLength(length: Millis, texts: Texts): string {
  if (length % DAY === 0)
    return length === DAY ? texts.oneDay : fillTemplate(texts.days, { n: String(length / DAY) });
  const hours = Math.ceil(length / HOUR);
  return hours === 1 ? texts.oneHour : fillTemplate(texts.hours, { n: String(hours) });
}

/** For people to read; nothing is decided by it. */
function formatDate(at: Instant, lang: string, zone: string | undefined): string {
  const timeZone = zone ?? 'UTC';
  return new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(at);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
