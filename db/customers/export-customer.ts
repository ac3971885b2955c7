import { ACCOUNT_SOURCE } from '../../src/domain/event.ts';
import type { Tx } from '../client.ts';
import { decodeTexts } from '../decisions/record/decision-record.ts';
import { decodeSentContent } from '../deliveries/sent-content.ts';

/** Whose records are exported, and by what they are found. */
export interface ExportOwner {
  workspace: string;
  /** All ids of the customer. */
  ids: string[];
  /** Hashes of their identities: for rejected events. */
  identities: string[];
  /** Keys of their addresses: for the suppression list. */
  addressKeys: string[];
}

interface Section {
  table: string;
  /** Columns that order the rows, and by which the next page is found. */
  key: readonly string[];
  /** Which rows of the table `t` are the customer's. */
  where(tx: Tx, owner: ExportOwner): ReturnType<Tx>;
  /** Columns that are no information about the customer: hashes, leases, fences, cached answers, where a row is stored. */
  leftOut?: readonly string[];
  /** A column of encoded bytes, whose parts are exported like columns: each as JSON. */
  encoded?: { column: string; decode(bytes: Uint8Array): Record<string, string> };
}

const ofCustomer: Section['where'] = (tx, { ids }) => tx`t.customer_id = any(${ids})`;

/** Everything that the product stores about a customer, by the name of its list. */
const SECTIONS = {
  customers: {
    table: 'customers',
    key: ['id'],
    where: (tx, { ids }) => tx`t.id = any(${ids})`,
    leftOut: ['person_key'],
  },
  identities: { table: 'identities', key: ['type', 'value'], where: ofCustomer },
  events: {
    table: 'events',
    key: ['customer_id', 'seq'],
    // Events of other members of the account are theirs.
    where: (tx, owner) => tx`${ofCustomer(tx, owner)} and t.source <> ${ACCOUNT_SOURCE}`,
    leftOut: ['kept'],
  },
  consents: {
    table: 'consents',
    key: ['customer_id', 'seq', 'purpose', 'channel', 'topic', 'at'],
    where: ofCustomer,
  },
  tickets: {
    table: 'tickets',
    key: ['customer_id', 'source', 'id'],
    where: ofCustomer,
    leftOut: ['person_key'],
  },
  journeys: { table: 'journeys', key: ['customer_id'], where: ofCustomer, leftOut: ['last_answer'] },
  enrollments: { table: 'enrollments', key: ['entered_at', 'id'], where: ofCustomer },
  decisions: {
    table: 'decisions',
    key: ['at', 'id'],
    where: ofCustomer,
    leftOut: ['record', 'chosen', 'changed', 'moves', 'policies', 'replayable', 'kept'],
    encoded: { column: 'record', decode: decodeTexts },
  },
  deliveries: {
    table: 'deliveries',
    key: ['at', 'id'],
    where: ofCustomer,
    leftOut: ['person_key', 'address_key', 'fence', 'lease_until', 'repeat_until'],
  },
  inboxItems: { table: 'inbox_items', key: ['created_at', 'delivery_id'], where: ofCustomer },
  sentMessages: {
    table: 'sent_messages',
    key: ['delivery_id', 'written_at'],
    where: (tx, { ids }) => tx`t.delivery_id in (select id from deliveries where customer_id = any(${ids}))`,
    leftOut: ['content', 'kept'],
    encoded: { column: 'content', decode: decodeSentTexts },
  },
  tasks: { table: 'agent_tasks', key: ['at', 'id'], where: ofCustomer },
  rewards: { table: 'rewards', key: ['at', 'id'], where: ofCustomer },
  coupons: { table: 'coupons', key: ['issued_at', 'id'], where: ofCustomer },
  merges: {
    table: 'merges',
    key: ['id'],
    where: (tx, { workspace, ids }) =>
      tx`t.workspace = ${workspace} and (t.winner = any(${ids}) or t.loser = any(${ids}))`,
  },
  suppressedAddresses: {
    table: 'suppressed_addresses',
    key: ['address_key'],
    where: (tx, { workspace, addressKeys }) =>
      tx`t.workspace = ${workspace} and t.address_key = any(${addressKeys})`,
    leftOut: ['address_key'],
  },
  outbox: { table: 'outbox', key: ['message_id'], where: ofCustomer },
  fanouts: { table: 'fanouts', key: ['id'], where: ofCustomer },
  knownFacts: { table: 'known_facts', key: ['customer_id', 'key'], where: ofCustomer },
  noteExamples: { table: 'note_counts', key: ['code', 'field', 'source', 'slot'], where: ofCustomer },
  eventNames: { table: 'event_names', key: ['name'], where: ofCustomer },
  counted: {
    table: 'report_customers',
    key: ['customer_id'],
    where: ofCustomer,
    leftOut: ['generation', 'due_day'],
  },
  rejected: {
    table: 'rejected',
    key: ['id'],
    where: (tx, { workspace, identities }) =>
      tx`t.workspace = ${workspace} and t.identities && ${identities}::text[]`,
    leftOut: ['content', 'identities', 'received'],
  },
  commands: {
    table: 'idempotency',
    key: ['key'],
    where: (tx, { workspace, ids }) => {
      const anywhere = ids.map((id) => `%"${id}"%`);
      return tx`t.workspace = ${workspace}
        and (t.body::text like any(${anywhere}::text[]) or t.effect::text like any(${anywhere}::text[]))`;
    },
    leftOut: ['request'],
  },
} satisfies Record<string, Section>;

export type ExportSection = keyof typeof SECTIONS;

export const EXPORT_SECTIONS = Object.keys(SECTIONS) as ExportSection[];

/** The tables with a list of their own. */
export const EXPORTED_TABLES: readonly string[] = Object.values(SECTIONS).map(({ table }) => table);

/** The place after a row: the values of the section's key. */
export type ExportPlace = (string | number)[];

export interface ExportPage {
  /** Each row as JSON. */
  rows: string[];
  /** Where the next page begins; null after the last row. */
  next: ExportPlace | null;
}

/** Reads some rows of one list, in the order of its key, after a place. */
export async function readExportPage(
  tx: Tx,
  name: ExportSection,
  owner: ExportOwner,
  { after, limit }: { after: ExportPlace | null; limit: number },
): Promise<ExportPage> {
  const section: Section = SECTIONS[name];
  const key = list(
    tx,
    section.key.map((column) => tx`t.${tx(column)}`),
  );
  const place =
    after &&
    list(
      tx,
      after.map((value) => tx`${value}`),
    );
  // Only the rows of the page become JSON: the sort below carries no wide values.
  const rows = await tx<{ row: string; record: Uint8Array | null; key: ExportPlace }[]>`
    select (to_jsonb(t) - ${section.leftOut ?? []}::text[])::text as row, json_build_array(${key}) as key,
      ${section.encoded ? tx`t.${tx(section.encoded.column)}` : tx`null::bytea`} as record
    from (
      select t.* from ${tx(section.table)} t
      where ${section.where(tx, owner)} ${place === null ? tx`` : tx`and (${key}) > (${place})`}
      order by ${key} limit ${limit}) t
    order by ${key}`;
  return {
    rows: rows.map(({ row, record }) =>
      record && section.encoded ? withParts(row, section.encoded.decode(record)) : row,
    ),
    next: rows.length < limit ? null : (rows.at(-1)?.key ?? null),
  };
}

/** A row as JSON with the parts of its encoded column as members. */
function withParts(row: string, parts: Record<string, string>): string {
  return `${row.slice(0, -1)},${Object.entries(parts)
    .map(([part, text]) => `"${part}":${text}`)
    .join()}}`;
}

function decodeSentTexts(content: Uint8Array): Record<string, string> {
  return Object.fromEntries(
    Object.entries(decodeSentContent(content)).map(([part, value]) => [part, JSON.stringify(value)]),
  );
}

/** The account of a customer, as JSON; `null` if there is none. */
export async function readExportedAccount(tx: Tx, { workspace, ids }: ExportOwner): Promise<string> {
  const [row] = await tx<{ account: string }[]>`
    select to_jsonb(a)::text as account from accounts a
    where a.workspace = ${workspace} and a.id in (
      select account_id from customers where id = any(${ids}) and merged_into is null)`;
  return row?.account ?? 'null';
}

function list(tx: Tx, parts: ReturnType<Tx>[]): ReturnType<Tx> {
  return parts.reduce((left, right) => tx`${left}, ${right}`);
}
