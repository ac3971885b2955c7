import { html, type Markup } from './html.ts';
import type { PageOwner } from './read-visitor.ts';
import { fillTemplate } from './texts.ts';

/** The address that a page is about, as its owner recognises it. A link that is old shows nothing of the customer. */
export function renderAddress({ maskedAddress, isLinkOld, language }: PageOwner): Markup | null {
  if (maskedAddress === null || isLinkOld) return null;
  return html`<p class="note">${fillTemplate(language.texts.about, { address: maskedAddress })}</p>`;
}
