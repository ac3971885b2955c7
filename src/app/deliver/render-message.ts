import type { FoundBlock } from '../../content/find-block.ts';
import type { Patience, Renderer } from '../../content/renderer.ts';
import { dataUseOf } from '../../domain/customer/attribute.ts';
import { readCustomerLocale } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Evaluator } from '../../domain/facts.ts';
import { computeSuppression } from '../../domain/ticket-suppression.ts';
import type { Instant } from '../../domain/time/time.ts';
import { listSegmentsInside } from '../../engine/treatment/segments-inside.ts';
import { limitSteps } from '../../limits/limit-steps.ts';
import { DECISION_LIMITS } from '../decide/decision-limits.ts';
import { buildTemplateData, type TemplateInput } from './message-data.ts';
import type { MessageDelivery, MessageFacts } from './message-delivery.ts';

export interface RenderDeps {
  renderer: Renderer;
  evaluate: Evaluator;
}

/** What a message is rendered from. */
export interface MessageInput {
  row: MessageDelivery;
  facts: MessageFacts;
  /** The customer's scores: segments may read them. */
  scores: Record<string, number>;
  bundle: Bundle;
  now: Instant;
}

/** A rendered message, before anything of it is addressed. */
export interface RenderedMessage {
  /** Null on channels without subjects. */
  subject: string | null;
  /** Null on channels without HTML. */
  html: string | null;
  text: string;
  /** The locale of the content, and the customer's own; null: none is known. */
  locale: string;
  requestedLocale: string | null;
  variant: string | null;
  blocks: FoundBlock[];
}

/**
 * Renders the content of an action: finds it for the customer's locale, variant and segments, and fills it in.
 * @throws TemplateError; RenderTooSlow; RendererUnavailable
 */
export async function renderMessage(
  { renderer, evaluate }: RenderDeps,
  files: ReadonlyMap<string, string>,
  input: MessageInput & TemplateInput & { locale?: string | undefined },
  patience?: Patience,
): Promise<RenderedMessage> {
  const { row, facts, bundle } = input;
  const fallbackLocale = bundle.workspace.locales[0] ?? 'en';
  const requestedLocale = input.locale ?? readCustomerLocale(facts.profile) ?? null;
  const request = {
    files,
    action: row.action,
    channel: row.channel,
    locale: requestedLocale ?? fallbackLocale,
    fallbackLocale,
    variant: row.variant,
    segments: listSegments(input, evaluate),
    data: buildTemplateData(input),
  };
  const rendered =
    row.channel === 'email'
      ? await renderer.email(request, patience)
      : { subject: null, html: null, ...(await renderer.text(request, patience)) };
  return { ...rendered, requestedLocale };
}

/** Of the segments by which blocks of the content are chosen, those that the customer is inside. */
function listSegments({ row, facts, scores, bundle, now }: MessageInput, evaluate: Evaluator): string[] {
  const action = bundle.actions.find(({ id }) => id === row.action);
  if (!action?.blockSegments) return [];
  const scope = {
    event: null,
    facts,
    suppressed: computeSuppression(bundle.workspace.tickets, facts.tickets, now),
    enrollment: null,
    now,
    scores,
    use: dataUseOf(row),
  };
  return listSegmentsInside(action, bundle, scope, limitSteps(evaluate, DECISION_LIMITS.steps).evaluate);
}
