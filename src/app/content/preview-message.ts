import { readCopies } from '../../../db/cms/read-copies.ts';
import { readBundle } from '../../../db/config/bundles.ts';
import { readNewestOf } from '../../../db/events/newest-events.ts';
import { readProcessedPosition } from '../../../db/journeys/processed-position.ts';
import { BLOCKS_FOLDER } from '../../content/block-name.ts';
import { listMissingVariables } from '../../content/missing-variables.ts';
import { TemplateError } from '../../content/template-error.ts';
import { adviseTemplates } from '../../definitions/advise/templates.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { UsedAttribute } from '../../domain/customer/attribute.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { BUNDLE_FORMAT, cmsOrigin } from '../../domain/definition.ts';
import { type Enrollment, NO_ENTRY } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';
import { type LocaleFallback, readLocaleFallback } from '../../domain/values/locale.ts';
import { bundlePolicy } from '../../engine/policy.ts';
import { assignVariant } from '../../engine/treatment/variant.ts';
import { requireActiveBundle } from '../config/active-bundle.ts';
import { type CompilerDeps, compileCandidate } from '../config/compile-candidate.ts';
import { listDataUsed } from '../decide/data-used.ts';
import { buildVisitorFacts } from '../decide/facts/build-facts.ts';
import { buildActionQuery } from '../decide/facts/facts-query.ts';
import { assembleRequest, loadCustomer } from '../decide/load.ts';
import type { DecisionServices } from '../decide/services.ts';
import { buildTemplateData } from '../deliver/message-data.ts';
import type { MessageDelivery, MessageFacts } from '../deliver/message-delivery.ts';
import { type RenderDeps, type RenderedMessage, renderMessage } from '../deliver/render-message.ts';
import { invalidField, recordNotFound, UseCaseError } from '../use-case-error.ts';
import { type SampleData, withSample } from './sample-facts.ts';

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
  const known = await loadFacts(deps, request, bundle, action);
  const facts = withSample(known.facts, request.sample, known.now);
  const row = toRow(request, { action, channel, bundle, ...known });
  const links = action.class === 'marketing' ? sampleLinks(deps.publicUrl) : null;
  const input = {
    row,
    facts: withSampleCoupon(facts, action, known.now),
    scores: known.scores,
    bundle,
    now: known.now,
  };
  const content = new Map(files.map(({ path, text, compiled }) => [path, compiled ?? text]));
  const catalogueUrl = bundle.catalogue ? `${deps.publicUrl}/catalogue/${SAMPLE}` : null;
  const rendered = await render(deps, content, { ...input, links, catalogueUrl, locale: request.locale });
  const { locale, requestedLocale, blocks, variant } = rendered;
  const data = {
    ...buildTemplateData(row, input.facts, bundle, links, known.now),
    ...(catalogueUrl === null ? {} : { catalogue_url: catalogueUrl }),
  };
  const query = { files: content, action: action.id, locale, fallbackLocale: locale, variant, data };
  return {
    ...rendered,
    action,
    channel,
    bundle,
    localeFallback: readLocaleFallback(requestedLocale, locale),
    dataUsed: listDataUsed(action, facts, known.now),
    missing: listMissingVariables(query, channel, blocks),
    warnings: listWarnings(files, action),
  };
}

async function loadContent(
  deps: PreviewDeps,
  { workspace, files }: PreviewRequest,
): Promise<{ bundle: Bundle; files: readonly BundleFile[] }> {
  const active = await requireActiveBundle(deps, workspace);
  if (files === null) {
    const stored = await readBundle(deps.db.sql, workspace, active.version);
    return { bundle: active, files: await withCopies(deps, workspace, active, stored?.files ?? []) };
  }
  const candidate = await compileCandidate(deps, workspace, files, active, Date.now());
  if (candidate.ok)
    return {
      bundle: { ...candidate.bundle, format: BUNDLE_FORMAT, version: active.version + 1 },
      files: candidate.files,
    };
  const errors = candidate.errors.map(({ file, path, line, message }) => ({
    file,
    path,
    line,
    code: 'invalid_definition',
    detail: message,
  }));
  throw new UseCaseError('unprocessable', 'invalid_bundle', 'the bundle has errors', { errors });
}

function findChannel({ channels, mode }: ActionDef, requested: string | undefined): string {
  if (mode === 'human')
    throw invalidField('action', 'no_content', 'a person carries it out: it has no content');
  const channel = requested ?? channels[0];
  if (channel === undefined || !channels.includes(channel))
    throw invalidField('channel', 'unknown_channel', `the action has ${channels.join(', ')}`);
  return channel;
}

interface Known {
  facts: MessageFacts;
  scores: Record<string, number>;
  now: Instant;
  entry: Enrollment['entry'];
  /** The test variant that the customer gets on a channel. */
  variantOn(channel: string): string | null;
}

/** What is known of the customer, and the event that the message is about: the newest that opens a journey with it. */
async function loadFacts(
  deps: PreviewDeps,
  { workspace, customerId }: PreviewRequest,
  bundle: Bundle,
  action: ActionDef,
): Promise<Known> {
  const { sql } = deps.db;
  const wallClock = Date.now();
  if (customerId === null) {
    const facts = buildVisitorFacts({ bundle, zones: deps.zones, now: wallClock });
    const entry = { ...NO_ENTRY, at: wallClock };
    return { facts, scores: {}, now: wallClock, entry, variantOn: () => null };
  }
  const { lastNow } = await readProcessedPosition(sql, customerId);
  const now = Math.max(wallClock, lastNow);
  const query = buildActionQuery(customerId, bundle, action, now);
  const customer = await loadCustomer(sql, deps, { workspace, customerId }, { query, bundle, now });
  if (!customer) throw recordNotFound('customer');
  const input = { purpose: 'preview', policy: bundlePolicy(bundle), customer, bundle, now } as const;
  const request = await assembleRequest(sql, deps, input);
  const opening = await readNewestOf(sql, customerId, listOpeningEvents(bundle, action));
  return {
    facts: customer.facts,
    scores: request.scores,
    now,
    entry: opening ?? { ...NO_ENTRY, at: now },
    variantOn: (channel) => assignVariant({ action, channel }, request),
  };
}

/** Names of the events that open a journey which offers the action. */
function listOpeningEvents({ journeys }: Bundle, { id }: ActionDef): string[] {
  return journeys
    .filter(({ steps }) => steps.some((step) => step.kind === 'decide' && step.actions.includes(id)))
    .flatMap(({ enter }) => enter.flatMap((entry) => (entry.kind === 'event' ? entry.trigger.on : [])));
}

const SAMPLE = 'preview';

function toRow(
  { workspace, variant, sample }: PreviewRequest,
  {
    action,
    channel,
    bundle,
    entry,
    variantOn,
  }: Known & { action: ActionDef; channel: string; bundle: Bundle },
): MessageDelivery {
  return {
    id: SAMPLE,
    workspace,
    action: action.id,
    class: action.class,
    channel,
    variant: variant ?? variantOn(channel),
    bundleVersion: bundle.version,
    entry: sample.event ? { ...entry, ...sample.event } : entry,
    couponId: action.coupon ? SAMPLE : null,
  };
}

/** The files with the last good copies of a CMS, as they are sent. */
async function withCopies(
  { db }: PreviewDeps,
  workspace: string,
  { cms }: Bundle,
  files: readonly BundleFile[],
): Promise<readonly BundleFile[]> {
  if (!cms) return files;
  const copies = await readCopies(db.sql, workspace);
  return files.map((file) => {
    const entry = cms.find((own) => own.file === file.path);
    const copy = entry && copies.find((own) => own.file === file.path && own.origin === cmsOrigin(entry));
    return copy?.text == null ? file : { path: file.path, text: copy.text };
  });
}

function sampleLinks(publicUrl: string) {
  return {
    unsubscribe: `${publicUrl}/unsubscribe/${SAMPLE}`,
    preferences: `${publicUrl}/preferences/${SAMPLE}`,
  };
}

function withSampleCoupon(facts: MessageFacts, { id, coupon }: ActionDef, now: Instant): MessageFacts {
  if (!coupon) return facts;
  const { percent, validFor } = coupon;
  const sample = {
    id: SAMPLE,
    code: 'SAMPLE-CODE',
    action: id,
    once: '',
    percent,
    expiresAt: now + validFor,
  };
  return { ...facts, coupons: [{ ...sample, state: 'issued', isCommunicated: false }] };
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
