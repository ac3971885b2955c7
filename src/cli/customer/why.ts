import process from 'node:process';
import type { z } from 'zod';
import type { action } from '../../api/actions/schema.ts';
import type { coupon } from '../../api/coupons/schema.ts';
import type { decision } from '../../api/decisions/schema.ts';
import type { delivery } from '../../api/deliveries/schema.ts';
import type { actionEligibility } from '../../api/eligibility/schema.ts';
import type { task } from '../../api/tasks/schema.ts';
import { suggestName } from '../../content/nearest-name.ts';
import type { Sentences } from '../../sentences/create-sentences.ts';
import { type ActionFacts, explainAction, type Outlook } from '../../sentences/explain-action.ts';
import { message } from '../../sentences/message.ts';
import { UserError } from '../../user-error.ts';
import { type ApiTarget, readApiTarget } from '../bundle/api-client.ts';
import { type Customer, explainRefusal, RefusedError, read, readAll, readCustomer } from './customer-api.ts';
import { createStyle, createTerminalSentences, toSafeJson } from './print.ts';

export interface WhyOptions {
  json?: boolean;
  /** Also answer by the exit code. */
  exitCode?: boolean;
}

/** The exit code of `--exit-code` for an action that does not reach the customer. */
const NOT_REACHED = 3;
/** Actions that are asked about at the same time. */
const AT_ONCE = 4;
/** Pages of the customer's messages that are searched for the last one of an action. */
const PAGES = 3;

/** Prints whether a customer gets an action now, and what is against it; without an action, of all in short. */
export async function whyCommand(ref: string, id: string | undefined, options: WhyOptions): Promise<void> {
  try {
    await answerWhy(ref, id, options);
  } catch (error) {
    throw toUserError(error);
  }
}

async function answerWhy(ref: string, id: string | undefined, options: WhyOptions): Promise<void> {
  const target = readApiTarget();
  const customer = await findCustomer(target, ref, options);
  if (!customer) return;
  const sentences = createTerminalSentences(customer.timezone);
  const known = await readKnown(target, customer);
  const ask = async (one: string) =>
    explainAction({ ...known, eligibility: await readGates(target, customer, one) });
  if (id !== undefined) {
    const outlook = await ask(id).catch((error) => rejectAction(target, id, error));
    printOne({ ref, id, customer, outlook, sentences }, options);
    return;
  }
  const actions = await readAll<z.infer<typeof action>>(target, '/v1/actions');
  const outlooks = await mapAtOnce(actions, async ({ id: one }) => ({ id: one, outlook: await ask(one) }));
  printAll({ customer, outlooks, sentences }, options);
}

/** Null for an erased customer, about whom there is nothing more to say. */
async function findCustomer(target: ApiTarget, ref: string, options: WhyOptions): Promise<Customer | null> {
  try {
    return await readCustomer(target, ref);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (error.status !== 410) throw new UserError(explainRefusal(ref, error));
    const headline = createTerminalSentences(null).write(message('outlook.erased', { customer: ref }));
    console.log(options.json ? toSafeJson({ customerId: null, state: 'erased', headline }) : headline);
    if (options.exitCode) process.exitCode = NOT_REACHED;
    return null;
  }
}

/** What is known about the customer, whichever action is asked about. */
async function readKnown(target: ApiTarget, customer: Customer): Promise<Omit<ActionFacts, 'eligibility'>> {
  const base = `/v1/customers/${customer.id}`;
  const [deliveries, tasks, decisions, coupons] = await Promise.all([
    readAll<z.infer<typeof delivery>>(target, `${base}/deliveries`, PAGES),
    readAll<z.infer<typeof task>>(target, `/v1/tasks?customer=${customer.id}&state=any`, PAGES),
    readAll<z.infer<typeof decision>>(target, `${base}/decisions`, 1),
    readAll<z.infer<typeof coupon>>(target, `${base}/coupons`, 1),
  ]);
  return { customer, deliveries, tasks, decisions, coupons };
}

function readGates(
  target: ApiTarget,
  { id }: Customer,
  action: string,
): Promise<z.infer<typeof actionEligibility>> {
  return read(target, `/v1/customers/${id}/actions/${encodeURIComponent(action)}`);
}

/** @throws UserError that names the nearest action */
async function rejectAction(target: ApiTarget, id: string, error: unknown): Promise<never> {
  if (!(error instanceof RefusedError) || error.status !== 404) throw error;
  const actions = await readAll<{ id: string }>(target, '/v1/actions');
  const names = actions.map((known) => known.id);
  const hint = names.length === 0 ? ': apply a bundle first' : suggestName(id, names);
  throw new UserError(`there is no action ${id}${hint}`);
}

function toUserError(error: unknown): unknown {
  return error instanceof RefusedError ? new UserError(error.message) : error;
}

interface Answer {
  ref: string;
  id: string;
  customer: Customer;
  outlook: Outlook;
  sentences: Sentences;
}

function printOne(answer: Answer, options: WhyOptions): void {
  const { ref, id, customer, outlook, sentences } = answer;
  if (options.exitCode && !outlook.reaches) process.exitCode = NOT_REACHED;
  if (options.json) {
    console.log(toSafeJson(toJson(id, customer, outlook, sentences)));
    return;
  }
  const { dim, bold } = createStyle();
  console.log(bold(sentences.write(outlook.headline)));
  for (const fact of outlook.facts) console.log(`  ${sentences.write(fact)}`);
  if (customer.mergedInto !== null)
    console.log(
      `  ${sentences.write(message('fact.resolved', { requested: ref, customer: customer.mergedInto }))}`,
    );
  console.log(dim(`  ${sentences.write(message('fact.zone', { zone: sentences.zone }))}`));
}

interface Answers {
  customer: Customer;
  outlooks: { id: string; outlook: Outlook }[];
  sentences: Sentences;
}

function printAll({ customer, outlooks, sentences }: Answers, options: WhyOptions): void {
  if (options.json) {
    for (const { id, outlook } of outlooks) console.log(toSafeJson(toJson(id, customer, outlook, sentences)));
    return;
  }
  const { dim, bold } = createStyle();
  const width = Math.max(0, ...outlooks.map(({ id }) => id.length));
  for (const { id, outlook } of outlooks)
    console.log(`${bold(id.padEnd(width))}  ${sentences.write(outlook.headline)}`);
  console.log(dim(sentences.write(message('fact.zone', { zone: sentences.zone }))));
}

function toJson(id: string, customer: Customer, outlook: Outlook, sentences: Sentences) {
  const { state, reaches, headline, reasons, facts } = outlook;
  return {
    customerId: customer.id,
    action: id,
    state,
    reaches,
    headline: sentences.write(headline),
    reasons: reasons.map(({ reason, lift, ...rest }) => ({
      ...rest,
      reason: sentences.write(reason),
      lift: sentences.write(lift),
    })),
    facts: facts.map((fact) => sentences.write(fact)),
    timezone: sentences.zone,
  };
}

/** Maps a list with a few calls at the same time, and keeps its order. */
async function mapAtOnce<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(map))));
  return results;
}
