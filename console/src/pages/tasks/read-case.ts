import type { Task } from './task.ts';

interface Amount {
  amount: string;
  currency: string;
}

/** What was attached to a task when it was raised, as far as this console knows it. */
export interface Case {
  asOf: string | null;
  cart: { total: Amount | null; items: CartItem[]; at: string | null } | null;
  payments: {
    orderId: string | null;
    status: string;
    code: string | null;
    total: Amount | null;
    at: string | null;
  }[];
  tickets: { id: string; subject: string; status: string; severity: string; since: string | null }[];
  history: { seq: number; name: string; source: string; at: string | null; details: [string, string][] }[];
}

interface CartItem {
  product: string;
  quantity: number | null;
}

type Raw = Record<string, unknown>;

/** Reads the case of a task. It is open for further sections, so nothing of it is taken for granted. */
export function readCase(task: Task): Case {
  const raw: Raw = task.case ?? {};
  const cart = isRaw(raw.cart) ? raw.cart : null;
  return {
    asOf: readText(raw.asOf),
    cart: cart && {
      total: readAmount(cart.total),
      at: readText(cart.at),
      items: readList(cart.items).map((item) => ({
        product: readText(item.name) ?? readText(item.product_id) ?? readText(item.sku) ?? '?',
        quantity: typeof item.quantity === 'number' ? item.quantity : null,
      })),
    },
    payments: readList(raw.payments).map((payment) => ({
      orderId: readText(payment.orderId),
      status: readText(payment.status) ?? '?',
      code: readText(payment.code),
      total: readAmount(payment.total),
      at: readText(payment.at),
    })),
    tickets: readList(raw.tickets).map((ticket) => ({
      id: readText(ticket.id) ?? '?',
      subject: readText(ticket.subject) ?? '',
      status: readText(ticket.status) ?? '?',
      severity: readText(ticket.severity) ?? '',
      since: readText(ticket.since),
    })),
    history: readList(raw.history).map((item) => ({
      seq: typeof item.seq === 'number' ? item.seq : 0,
      name: readText(item.name) ?? '?',
      source: readText(item.source) ?? '?',
      at: readText(item.at),
      details: listDetails(item.properties),
    })),
  };
}

const MOST_DETAILS = 4;

/** Ids that mean nothing to a person on the phone. */
const INTERNAL = /^(delivery|enrollment|task|decision|event|cart|checkout)_id$/;

/** The plain properties of an event, the first few of them. */
function listDetails(properties: unknown): [string, string][] {
  if (!isRaw(properties)) return [];
  return Object.entries(properties)
    .filter(([name]) => !INTERNAL.test(name))
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
    .slice(0, MOST_DETAILS)
    .map(([name, value]) => [name, String(value)]);
}

const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const readText = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
const readList = (value: unknown): Raw[] => (Array.isArray(value) ? value.filter(isRaw) : []);

function readAmount(value: unknown): Amount | null {
  if (!isRaw(value)) return null;
  const { amount, currency } = value;
  return typeof amount === 'string' && typeof currency === 'string' ? { amount, currency } : null;
}
