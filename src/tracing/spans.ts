import {
  type Attributes,
  context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

export type { Span } from '@opentelemetry/api';
export { SpanKind } from '@opentelemetry/api';

const NAME = 'throughline';
/** Version, trace id, span id and flags, as W3C Trace Context specifies. Later versions may append fields. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-|$)/;
/** More links than this would say nothing to a reader. */
const MAX_LINKS = 20;

let enabled = false;

/** Whether spans are recorded. Without it nothing need be read or written for them. */
export function isTracing(): boolean {
  return enabled;
}

/** Called when the SDK starts and when it stops. */
export function setTracing(isOn: boolean): void {
  enabled = isOn;
}

export interface SpanOptions {
  kind?: SpanKind;
  attributes?: Attributes;
  /** `traceparent` of what caused the work. The first is the parent, the others are links; without any, a new trace. */
  causes?: readonly string[];
  /** Wall clock, in milliseconds; by default now. */
  startTime?: number;
}

/**
 * Does work in a span, which is the active one meanwhile. It ends with the work, and is marked as failed if the work
 * fails: by the name of the error only, since messages may quote what customers sent.
 */
export async function withSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = startSpan(name, options);
  try {
    return await runIn(span, () => work(span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', (error as Error)?.name ?? 'unknown');
    throw error;
  } finally {
    span.end();
  }
}

/** Starts a span that its caller ends. Without `causes` its parent is the active span. */
export function startSpan(
  name: string,
  { kind = SpanKind.INTERNAL, attributes = {}, causes, startTime }: SpanOptions,
): Span {
  const [parent, ...others] = (causes ?? []).flatMap((text) => readTraceparent(text) ?? []);
  const links: Link[] = others.slice(0, MAX_LINKS).map((cause) => ({ context: cause }));
  const active = causes ? ROOT_CONTEXT : context.active();
  return trace
    .getTracer(NAME)
    .startSpan(
      name,
      { kind, attributes, links, ...(startTime === undefined ? {} : { startTime }) },
      parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : active,
    );
}

/** Runs work with this span as the active one. */
export function runIn<T>(span: Span, work: () => T): T {
  return context.with(trace.setSpan(context.active(), span), work);
}

/** `traceparent` of the active span; undefined without one, and where it isn't sampled. */
export function currentTraceparent(): string | undefined {
  if (!enabled) return undefined;
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || (span.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
  return `00-${span.traceId}-${span.spanId}-01`;
}

/** The ids that a log line carries, by OpenTelemetry's names; empty without an active span. */
export function currentLogFields(): Record<string, string> {
  const [, traceId, spanId] = currentTraceparent()?.split('-') ?? [];
  return traceId && spanId ? { trace_id: traceId, span_id: spanId } : {};
}

function readTraceparent(text: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
