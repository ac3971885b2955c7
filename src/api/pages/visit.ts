import type { ErrorRequestHandler, Request, Response } from 'express';
import type { LinkPurpose } from '../../content/link-token.ts';
import type { Api } from '../frame/operation.ts';
import { toHttpError } from '../frame/problem.ts';
import { createRateLimit } from '../frame/rate-limit.ts';
import { html } from './html.ts';
import { buildOwnPage } from './own-page.ts';
import { type Page, sendPage } from './page.ts';
import { type PageOwner, readVisitor } from './read-visitor.ts';
import { LANGUAGE_IDS, type Language, resolveLanguage } from './texts.ts';

/** Per link, not per IP address: mail providers click for millions of people from a few machines. */
const REQUESTS_PER_SECOND = 5;

/** Loads the owner of a page; null if it has answered the request with an error page. */
export type LoadOwner = (req: Request, res: Response) => Promise<PageOwner | null>;

/**
 * Loads the owner of a customer page, or answers with a page that says why not. `gone` is the status for an erased
 * customer: for a mail provider that unsubscribes one, the request has succeeded.
 */
export function createLoadOwner(
  api: Api,
  purpose: Exclude<LinkPurpose, 'erase' | 'inbox'>,
  gone: (req: Request) => number,
): LoadOwner {
  const limit = createRateLimit(REQUESTS_PER_SECOND);
  return async (req, res) => {
    const { texts, lang } = readBrowserLanguage(req);
    const visitor = await readVisitor(api, purpose, String(req.params.token));
    if (visitor.kind === 'unknown') {
      sendPage(res, 404, describeUnknownLink(req));
      return null;
    }
    if (visitor.kind === 'erased') {
      sendPage(res, gone(req), { lang, title: texts.erasedTitle, body: html`<p>${texts.erased}</p>` });
      return null;
    }
    const wait = limit(visitor.linkId, 1);
    if (wait === 0) return visitor;
    const { busyTitle, busy } = visitor.language.texts;
    res.setHeader('Retry-After', String(wait));
    sendPage(res, 429, buildOwnPage(visitor, busyTitle, html`<p>${busy}</p>`));
    return null;
  };
}

/** The page for a link that isn't one of ours. */
export function describeUnknownLink(req: Request): Page {
  const { texts, lang } = readBrowserLanguage(req);
  return { lang, title: texts.unknownTitle, body: html`<p>${texts.unknown}</p>` };
}

/** The language that the browser asks for: of a visitor whom nobody knows, nothing else is known. */
export function readBrowserLanguage(req: Request): Language {
  return resolveLanguage(req.acceptsLanguages(LANGUAGE_IDS) || undefined);
}

/** Errors below a page are answered with a page: problem documents are not for customers. */
export function handlePageErrors({ deps }: Api): ErrorRequestHandler {
  return (thrown, req, res, next) => {
    const { status, options } = toHttpError(thrown);
    const requestId = String(res.getHeader('X-Request-Id') ?? '');
    if (status >= 500) deps.log.error({ err: thrown, requestId, method: req.method }, 'a page failed');
    if (res.headersSent) return next(thrown);
    for (const [name, value] of Object.entries(options.headers ?? {})) res.setHeader(name, value);
    const { texts, lang } = readBrowserLanguage(req);
    sendPage(res, status, { lang, title: texts.failedTitle, body: html`<p>${texts.failed}</p>` });
  };
}
