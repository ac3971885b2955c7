import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { customer } from '../../api/customers/schema.ts';
import { type ApiTarget, callApi, describeRefusal, type ErrorBody } from '../bundle/api-client.ts';

export type Customer = z.infer<typeof customer>;

/** An answer that is not 2xx. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(status: number, body: ErrorBody) {
    super(describeRefusal({ status, body }));
    this.status = status;
  }
}

/** Tries of a call that the server refuses for now: too many calls, or something that it needs is away. */
const TRIES = 5;
const PAUSE_MS = 500;
const FOR_NOW: readonly number[] = [429, 503];

/** Reads from the API. @throws RefusedError; UserError when no server answers */
export async function read<T>(target: ApiTarget, path: string): Promise<T> {
  return call(target, 'GET', path);
}

async function call<T>(target: ApiTarget, method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  for (let tries = 1; ; tries++) {
    const answer = await callApi<T>(target, method, path, body);
    if (answer.ok) return answer.body;
    if (!FOR_NOW.includes(answer.status) || tries === TRIES)
      throw new RefusedError(answer.status, answer.body);
    await sleep(PAUSE_MS * tries);
  }
}

/** Reads the customer that a reference names. Addresses stay out of URLs, which end in logs. */
export async function readCustomer(target: ApiTarget, ref: string): Promise<Customer> {
  const [, type, value] = /^(email|phone):(.+)$/s.exec(ref) ?? [];
  if (type !== undefined && value !== undefined)
    return call(target, 'POST', '/v1/customers/lookup', { [type]: value });
  return read(target, `/v1/customers/${encodeURIComponent(ref)}`);
}

/** A list, from its first page to its last. @param most pages that are read */
export async function readAll<T>(target: ApiTarget, path: string, most = 20): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < most; page++) {
    const query = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
    const separator = path.includes('?') ? '&' : '?';
    const answer: { data: T[]; nextCursor: string | null } = await read(
      target,
      `${path}${separator}${query}`,
    );
    items.push(...answer.data);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return items;
}

/** What a refusal means to the person at the terminal. */
export function explainRefusal(ref: string, error: RefusedError): string {
  if (error.status === 401 || error.status === 403) return `the key is refused: ${error.message}`;
  if (error.status !== 404) return error.message;
  const hint = /^(user|anon|ext|email|phone):|^cus_/.test(ref)
    ? 'a customer is known from their first event on'
    : `write user:${ref}, anon:…, ext:{type}:{id}, email:…, phone:… or cus_…`;
  return `there is no customer ${ref}: ${hint}`;
}
