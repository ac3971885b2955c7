import type {
  Cel,
  MappedVerification,
  MappingDef,
  MessageMapping,
  SourceCustomer,
  SourceDef,
} from '../../domain/definition.ts';
import { findWebhookKind } from '../../sources/webhooks/kinds.ts';
import { MAPPED } from '../../sources/webhooks/mapped.ts';
import { checkPayloadCel } from '../cel/payload.ts';
import type { CompileContext } from '../check/context.ts';
import { joinPath } from '../source/problem.ts';
import type { WebhookSourcesSource } from '../source/source-schema.ts';

type Source = WebhookSourcesSource[number];
type Message = NonNullable<Source['messages']>[number];

const MAPPING_KEYS = ['verify', 'each', 'messages', 'otherwise'] as const;

/** Compiles sources.yaml. */
export function compileWebhookSources(sources: WebhookSourcesSource, context: CompileContext): SourceDef[] {
  return sources.map((source, index) => {
    const path = `[${index}]`;
    const first = sources.findIndex(({ id }) => id === source.id);
    if (first < index) context.error(`${path}.id`, `duplicate source id '${source.id}': [${first}] has it`);
    checkCustomer(source.customer, joinPath(path, 'customer'), context);
    for (const problem of findWebhookKind(source.kind)?.checkSettings?.(source.settings) ?? [])
      context.error(joinPath(joinPath(path, 'settings'), problem.path), problem.message);
    const mapping = compileMapping(source, path, context);
    const { id, kind, customer, settings } = source;
    return { id, kind, customer: customer as SourceCustomer, settings, ...(mapping ? { mapping } : {}) };
  });
}

function compileMapping(source: Source, path: string, context: CompileContext): MappingDef | undefined {
  if (source.kind !== MAPPED) {
    for (const key of MAPPING_KEYS)
      if (source[key] !== undefined)
        context.error(
          joinPath(path, key),
          `is for the kind ${MAPPED} only: ${source.kind} reads its own payloads`,
        );
    return undefined;
  }
  const { verify, each, messages, otherwise = 'unreadable' } = source;
  if (verify === undefined) context.error(path, `needs verify: ${MAPPED} does not know how its sender signs`);
  if (messages === undefined)
    context.error(path, `needs messages: ${MAPPED} does not know what a payload means`);
  if (verify === undefined || messages === undefined) return undefined;
  checkExpression(each, joinPath(path, 'each'), context);
  return {
    verify: compileVerification(verify),
    each: each ?? null,
    messages: messages.map((message, index) =>
      compileMessage(message, `${path}.messages[${index}]`, context),
    ),
    otherwise,
  };
}

function compileVerification(verify: NonNullable<Source['verify']>): MappedVerification {
  if (verify === 'standard-webhooks') return { scheme: 'standard-webhooks' };
  if ('token' in verify)
    return { scheme: 'token', header: verify.token.header.toLowerCase(), prefix: verify.token.prefix };
  const { header, timestamp, ...rest } = verify.hmac;
  return {
    scheme: 'hmac',
    ...rest,
    header: header.toLowerCase(),
    timestamp: timestamp?.toLowerCase() ?? null,
  };
}

function compileMessage(message: Message, path: string, context: CompileContext): MessageMapping {
  const { when, type, event, messageId, timestamp, groupId, previousId, properties, traits, ...customer } =
    message;
  if (type === 'track' && event === undefined)
    context.error(joinPath(path, 'event'), 'is required: a track has the name of an event');
  if (type !== 'track' && event !== undefined)
    context.error(joinPath(path, 'event'), `is for a track only: ${type} has no name`);
  checkExpression(when, joinPath(path, 'when'), context, true);
  for (const [key, expression] of Object.entries({ messageId, timestamp, groupId, previousId }))
    checkExpression(expression, joinPath(path, key), context);
  if (typeof event === 'object') checkExpression(event.from, joinPath(path, 'event.from'), context);
  checkCustomer(customer, path, context);
  for (const [key, value] of Object.entries({ properties, traits }))
    if (typeof value === 'string') checkExpression(value, joinPath(path, key), context);
    else checkExpressions(value, joinPath(path, key), context);
  return {
    when: when ?? null,
    type,
    event: event ?? null,
    messageId: messageId ?? null,
    timestamp: timestamp ?? null,
    groupId: groupId ?? null,
    previousId: previousId ?? null,
    customer: customer as SourceCustomer,
    properties,
    traits,
  };
}

function checkCustomer(
  { externalIds = {}, ...fields }: Source['customer'],
  path: string,
  context: CompileContext,
): void {
  checkExpressions(fields, path, context);
  checkExpressions(externalIds, joinPath(path, 'externalIds'), context);
}

function checkExpressions(
  expressions: Readonly<Record<string, Cel | undefined>>,
  path: string,
  context: CompileContext,
): void {
  for (const [name, expression] of Object.entries(expressions))
    checkExpression(expression, joinPath(path, name), context);
}

function checkExpression(
  expression: Cel | undefined,
  path: string,
  context: CompileContext,
  isCondition = false,
): void {
  if (expression === undefined) return;
  const problem = checkPayloadCel(expression, isCondition);
  if (problem === null) return;
  context.error(path, `CEL: ${problem.message}, at character ${problem.position + 1} of: ${expression}`);
}
