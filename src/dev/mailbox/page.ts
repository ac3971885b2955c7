import type { MailboxMessage } from './message.ts';
import { openLinksOutside } from './open-links-outside.ts';

/**
 * The content security policy of the pages: no scripts, and only their own styles. A message is shown in a sandboxed frame
 * with the same policy. Its inline styles work; remote pictures do not, so opening a mail causes no request elsewhere.
 */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d9dde3, #333a45); --soft: light-dark(#5c6672, #9aa5b3);
  --ground: light-dark(#f6f7f9, #14171c); --card: light-dark(#fff, #1c2027); --mark: light-dark(#2457c5, #8ab0ff); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); font: 15px/1.5 system-ui, sans-serif; color: light-dark(#1a1f27, #e6e9ee); }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.3rem; margin: 0 0 1rem; } h1 small { color: var(--soft); font-weight: 400; margin-left: .5rem; }
a { color: var(--mark); text-decoration: none; } a:hover { text-decoration: underline; }
.list, article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.list a { display: grid; grid-template-columns: 14rem 1fr auto; gap: 1rem; padding: .7rem 1rem; color: inherit; border-top: 1px solid var(--line); }
.list a:first-child { border-top: 0; } .list a:hover { background: var(--ground); text-decoration: none; }
.list span, .list strong { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .list span, time { color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; margin: 0; padding: 1rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
iframe { display: block; width: 100%; height: 34rem; border: 0; border-top: 1px solid var(--line); background: #fff; }
pre { margin: 0; padding: 1rem; border-top: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
summary { padding: .7rem 1rem; border-top: 1px solid var(--line); cursor: pointer; color: var(--soft); }
.empty { padding: 3rem 1rem; text-align: center; color: var(--soft); }
@media (max-width: 40rem) { .list a { grid-template-columns: 1fr; gap: 0; } }
`;

/** The list of messages, newest first. */
export function renderListPage(messages: MailboxMessage[]): string {
  const rows = messages.map(
    (message) =>
      `<a href="/view/${escapeHtml(encodeURIComponent(message.id))}"><span>${escapeHtml(message.to.join(', '))}</span>` +
      `<strong>${escapeHtml(titleOf(message))}</strong>${timeOf(message)}</a>`,
  );
  const body = rows.length > 0 ? rows.join('\n') : '<div class="empty">No mail yet.</div>';
  return page(
    'Mailbox',
    `<h1>Mailbox<small>${rows.length} shown</small></h1>\n<div class="list">${body}</div>`,
  );
}

/** One message with its envelope, body and headers. */
export function renderMessagePage(message: MailboxMessage): string {
  const facts = [
    ['From', message.from],
    ['To', message.to.join(', ')],
  ].map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value ?? '')}</dd>`);
  const headers = Object.entries(message.headers).map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  // No script, no form, no same origin. A link opens in a tab of its own, which is not sandboxed.
  const html = message.html
    ? `<iframe sandbox="${SANDBOX}" title="HTML body" srcdoc="${escapeHtml(openLinksOutside(message.html))}"></iframe>`
    : '';
  const text = message.text ? `<pre>${escapeHtml(message.text)}</pre>` : '';
  return page(
    titleOf(message),
    `<p><a href="/">← Mailbox</a></p>\n<h1>${escapeHtml(titleOf(message))}</h1>\n<article>` +
      `<dl>${facts.join('')}<dt>At</dt><dd>${timeOf(message)}</dd></dl>${html}${text}` +
      `<details><summary>Headers</summary><dl>${headers.join('')}</dl></details></article>`,
  );
}

/** The title of a message. For a text message without subject: its channel and its first characters. */
function titleOf({ channel, subject, text }: MailboxMessage): string {
  if (channel === undefined) return subject || '(no subject)';
  return `${channel}: ${subject || text.slice(0, 80)}`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>${body}</main></body></html>
`;
}

function timeOf({ at }: MailboxMessage): string {
  return `<time datetime="${escapeHtml(at)}">${escapeHtml(at.slice(0, 19).replace('T', ' '))} UTC</time>`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
