import { BLOCKS_FOLDER } from '../../content/block-name.ts';
import { listMissingVariables } from '../../content/missing-variables.ts';
import { TemplateError } from '../../content/template-error.ts';
import { adviseTemplates } from '../../definitions/advise/templates.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { UsedAttribute } from '../../domain/customer/attribute.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { type LocaleFallback, readLocaleFallback } from '../../domain/values/locale.ts';
import type { CompilerDeps } from '../config/compile-candidate.ts';
import { listDataUsed } from '../decide/data-used.ts';
import type { DecisionServices } from '../decide/services.ts';
import { buildTemplateData } from '../deliver/message-data.ts';
import type { MessageDelivery } from '../deliver/message-delivery.ts';
import type { MessageLinks } from '../deliver/message-links.ts';
import { type RenderDeps, type RenderedMessage, renderMessage } from '../deliver/render-message.ts';
import { invalidField, recordNotFound, UseCaseError } from '../use-case-error.ts';
import { loadContent } from './load-content.ts';
import { type Known, loadKnown } from './load-known.ts';
import { SAMPLE, type SampleData, withSampleCoupon, withSampleTraits } from './sample-facts.ts';

export interface PreviewDeps extends DecisionServices, CompilerDeps, RenderDeps {
  publicUrl: string;
}

export interface PreviewRequest {
  workspace: string;
  action: string;
  /** Undefined: the action's first channel that has content. */
  channel?: string | undefined;
  /** Undefined: the customer's own. */
  locale?: string | undefined;
  /** Undefined: the customer's own, in a test. */
  variant?: string | undefined;
  /** Null: nobody; only what `sample` says is known. */
  customerId: string | null;
  sample: SampleData;
  /** The files of a changed bundle; null: the active one. */
  files: BundleFile[] | null;
}

export interface MessagePreview extends RenderedMessage {
  action: ActionDef;
  channel: string;
  bundle: Bundle;
  localeFallback: LocaleFallback;
  dataUsed: UsedAttribute[];
  /** What the content reads and the customer lacks. */
  missing: string[];
  warnings: string[];
}

/**
 * Renders any action's message as any customer would get it. Sends nothing, writes nothing, and issues no coupon: its
 * code is a sample, and its links lead nowhere.
 * @throws UseCaseError `not_found`, `invalid_bundle`, `content_failed`
 */
export async function previewMessage(deps: PreviewDeps, request: PreviewRequest): Promise<MessagePreview> {
  const { bundle, files } = await loadContent(deps, request);
  const action = bundle.actions.find(({ id }) => id === request.action);
  if (!action) throw recordNotFound('action');
  const channel = findChannel(action, request.channel);
  const known = await loadKnown(deps, request, { bundle, action, channel });
  const { scores, now } = known;
  const facts = withSampleTraits(known.facts, request.sample, now);
  const input = {
    row: toRow(request, known, { action, channel, bundle }),
    facts: withSampleCoupon(facts, action, now),
    scores,
    bundle,
    now,
    locale: request.locale,
    links: action.class === 'marketing' ? sampleLinks(deps.publicUrl) : null,
    catalogueUrl: bundle.catalogue ? `${deps.publicUrl}/catalogue/${SAMPLE}` : null,
  };
  const content = new Map(files.map(({ path, text, compiled }) => [path, compiled ?? text]));
  const rendered = await render(deps, content, input);
  const { locale, requestedLocale, blocks, variant } = rendered;
  const data = buildTemplateData(input);
  const query = { files: content, action: action.id, locale, fallbackLocale: locale, variant, data };
  return {
    ...rendered,
    action,
    channel,
    bundle,
    localeFallback: readLocaleFallback(requestedLocale, locale),
    dataUsed: listDataUsed(action, facts, now),
    missing: listMissingVariables(query, channel, blocks),
    warnings: listWarnings(files, action),
  };
}

function findChannel({ channels, mode }: ActionDef, requested: string | undefined): string {
  if (mode === 'human')
    throw invalidField('action', 'no_content', 'a person carries it out: it has no content');
  const channel = requested ?? channels[0];
  if (channel === undefined || !channels.includes(channel))
    throw invalidField('channel', 'unknown_channel', `the action has ${channels.join(', ')}`);
  return channel;
}

function toRow(
  { workspace, variant, sample }: PreviewRequest,
  known: Known,
  { action, channel, bundle }: { action: ActionDef; channel: string; bundle: Bundle },
): MessageDelivery {
  return {
    id: SAMPLE,
    workspace,
    action: action.id,
    class: action.class,
    channel,
    variant: variant ?? known.variant,
    bundleVersion: bundle.version,
    entry: sample.event ? { ...known.entry, ...sample.event } : known.entry,
    couponId: action.coupon ? SAMPLE : null,
  };
}

function sampleLinks(publicUrl: string): MessageLinks {
  return {
    unsubscribe: `${publicUrl}/unsubscribe/${SAMPLE}`,
    preferences: `${publicUrl}/preferences/${SAMPLE}`,
  };
}

async function render(...parameters: Parameters<typeof renderMessage>): Promise<RenderedMessage> {
  try {
    return await renderMessage(...parameters);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new UseCaseError('unprocessable', 'content_failed', error.message);
  }
}

/** About the action's own files: what a block is passed by other contents is not looked up. */
function listWarnings(files: readonly BundleFile[], { id, class: actionClass }: ActionDef): string[] {
  const folder = `content/${id}/`;
  const read = files.filter(({ path }) => path.startsWith(folder) || path.startsWith(BLOCKS_FOLDER));
  return adviseTemplates(read, [{ id, class: actionClass }])
    .filter(({ file }) => file.startsWith(folder))
    .map(({ file, message }) => `${file}: ${message}`);
}
