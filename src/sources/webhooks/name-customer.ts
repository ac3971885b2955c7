import { toText } from '../../domain/event.ts';
import { isObject, readObject } from '../../domain/values/json-object.ts';
import type { SourceSettings, WebhookRequest } from './webhook-kind.ts';

type Call = Record<string, unknown>;

interface Scope {
  payload: unknown;
  headers: WebhookRequest['headers'];
}

/** Whom the expressions of `customer` in sources.yaml name. A field whose expression fails is missing. */
export interface NamedCustomer {
  userId?: string;
  anonymousId?: string;
  email?: string;
  phone?: string;
  externalIds: { type: string; id: string }[];
}

/** Evaluates `customer` of sources.yaml. */
export function readNamedCustomer({ customer, evaluate }: SourceSettings, scope: Scope): NamedCustomer {
  const headers = toTextHeaders(scope.headers);
  const read = (expression: string | undefined): string | undefined => {
    if (expression === undefined) return undefined;
    const result = evaluate(expression, { payload: scope.payload, headers });
    return result.ok ? toText(result.value) : undefined;
  };
  const { externalIds = {}, ...expressions } = customer;
  const fields = Object.entries(expressions).map(([field, expression]) => [field, read(expression)]);
  return {
    ...Object.fromEntries(fields.filter(([, value]) => value !== undefined)),
    externalIds: Object.entries(externalIds).flatMap(([type, expression]) => {
      const id = read(expression);
      return id === undefined ? [] : [{ type, id }];
    }),
  };
}

/** The call with the customer whom sources.yaml names: field by field, it goes before what the kind has read. */
export function nameCustomer(source: SourceSettings, call: Call, scope: Scope): Call {
  if (Object.keys(source.customer).length === 0) return call;
  const { userId, anonymousId, email, phone, externalIds } = readNamedCustomer(source, scope);
  const context = readObject(call.context);
  const known = readObject(context.traits);
  const traits = {
    ...known,
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
  };
  const types = externalIds.map(({ type }) => type);
  const others = (Array.isArray(context.externalIds) ? context.externalIds : []).filter(
    (item) => !(isObject(item) && types.includes(item.type as string)),
  );
  const ids = [...externalIds, ...others];
  return {
    ...call,
    ...(userId === undefined ? {} : { userId }),
    ...(anonymousId === undefined ? {} : { anonymousId }),
    context: {
      ...context,
      ...(Object.keys(traits).length === 0 ? {} : { traits }),
      ...(ids.length === 0 ? {} : { externalIds: ids }),
    },
  };
}

/** Headers as texts: of a header that came twice, both. */
export function toTextHeaders(headers: WebhookRequest['headers']): Record<string, string> {
  const texts = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
  return Object.fromEntries(texts);
}
