import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { contentPreview, testSent } from '../../api/content/schema.ts';
import { UserError } from '../../user-error.ts';
import { readCustomer } from '../customer/customer-api.ts';
import { toSafeJson } from '../customer/print.ts';
import { callApi, describeRefusal, formatProblem, readApiTarget } from './api-client.ts';
import { readBundle } from './read-bundle.ts';

export interface PreviewOptions {
  as?: string;
  channel?: string;
  locale?: string;
  variant?: string;
  /** Folder of a changed bundle. */
  bundle?: string;
  /** Where the HTML is written to. */
  html?: string;
  sendTo?: string;
  json?: boolean;
}

/** Prints an action's message as a customer would get it. Nothing is sent, except as a test with `--send-to`. */
export async function previewCommand(action: string, options: PreviewOptions): Promise<void> {
  const target = readApiTarget();
  const { as, channel, locale, variant, bundle } = options;
  const customer = as === undefined ? undefined : (await readCustomer(target, as)).id;
  const files = bundle === undefined ? undefined : await readBundle(bundle);
  const body = { action, channel, locale, variant, customer, files };
  const answer = await callApi<z.infer<typeof contentPreview>>(target, 'POST', '/v1/content/preview', body);
  if (!answer.ok) {
    for (const problem of answer.body.errors ?? []) console.error(formatProblem(bundle ?? '', problem));
    throw new UserError(describeRefusal(answer));
  }
  if (options.html !== undefined) await writeHtml(options.html, answer.body.html);
  if (options.json) console.log(toSafeJson(answer.body));
  else print(answer.body, options.html);
  if (options.sendTo === undefined) return;
  const test = { ...body, to: options.sendTo };
  const sent = await callApi<z.infer<typeof testSent>>(target, 'POST', '/v1/content/test-send', test);
  if (!sent.ok) throw new UserError(describeRefusal(sent));
  console.log(`sent to ${sent.body.to}: ${sent.body.subject}`);
}

async function writeHtml(file: string, html: string | null): Promise<void> {
  if (html === null) throw new UserError('this channel has no HTML: leave out --html');
  await writeFile(path.resolve(file), html);
}

function print(preview: z.infer<typeof contentPreview>, file: string | undefined): void {
  const { subject, text, channel, locale, requestedLocale, localeFallback, variant } = preview;
  if (subject !== null) console.log(`Subject: ${subject}\n`);
  console.log(`${text}\n`);
  const reason = localeFallback === 'none' ? '' : `, instead of ${requestedLocale ?? 'an unknown one'}`;
  console.log(
    `channel ${channel}, locale ${locale}${reason}${variant === null ? '' : `, variant ${variant}`}`,
  );
  const personal = preview.blocks.filter(({ segment }) => segment !== null);
  for (const { block, segment } of personal) console.log(`block ${block}, for the segment ${segment}`);
  for (const { attribute, permission } of preview.dataUsed) console.log(`uses ${attribute} (${permission})`);
  for (const name of preview.missing) console.log(`missing: ${name}`);
  for (const warning of preview.warnings) console.log(`warning: ${warning}`);
  const { bytes, segments } = preview;
  console.log(
    segments === null ? `${bytes} bytes` : `${bytes} bytes, ${segments.segments} parts as a text message`,
  );
  if (file !== undefined) console.log(`the HTML is in ${file}`);
}
