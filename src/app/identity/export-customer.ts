import { setTimeout as pause } from 'node:timers/promises';
import {
  EXPORT_SECTIONS,
  type ExportOwner,
  type ExportPlace,
  type ExportSection,
  readExportedAccount,
  readExportPage,
} from '../../../db/customers/export-customer.ts';
import { readProfiles } from '../../../db/customers/read-profiles.ts';
import { listAddresses } from '../../domain/customer/address.ts';
import { readActiveBundle } from '../config/active-bundle.ts';
import type { DecisionServices } from '../decide/services.ts';
import { listAddressKeys } from './address-key.ts';
import { hashIdentitiesOf } from './person-identities.ts';

type Services = Pick<DecisionServices, 'db' | 'bundles' | 'secret' | 'previousSecret'>;

/** Characters that a page should have: rows may have a few bytes or a megabyte. */
const PAGE_CHARS = 500_000;
const FIRST_ROWS = 4;
const MOST_ROWS = 500;

/**
 * Writes everything that the product stores about a customer as one JSON document, page by page, so that neither the
 * database nor this process holds much of it at a time, and no statement takes long. The pages are no snapshot: what is
 * stored meanwhile may be in one list and not in another.
 */
export async function* exportCustomer(
  services: Services,
  workspace: string,
  ids: string[],
): AsyncGenerator<string> {
  const { sql } = services.db;
  const owner = await describeOwner(services, workspace, ids);
  yield `{"exportedAt":${JSON.stringify(new Date().toISOString())},"account":${await readExportedAccount(sql, owner)}`;
  for (const section of EXPORT_SECTIONS) {
    yield `,"${section}":[`;
    yield* exportSection(services, section, owner);
    yield ']';
  }
  yield '}';
}

async function describeOwner(services: Services, workspace: string, ids: string[]): Promise<ExportOwner> {
  const { sql } = services.db;
  const customers = await readProfiles(sql, ids);
  const bundle = await readActiveBundle(services, workspace);
  const addresses = bundle
    ? customers.flatMap(({ profile }) => listAddresses(profile, bundle.workspace))
    : [];
  return {
    workspace,
    ids,
    identities: await hashIdentitiesOf(sql, workspace, customers),
    addressKeys: addresses.flatMap((address) => listAddressKeys(services, { workspace, ...address })),
  };
}

async function* exportSection(
  { db: { sql } }: Services,
  section: ExportSection,
  owner: ExportOwner,
): AsyncGenerator<string> {
  let limit = FIRST_ROWS;
  let after: ExportPlace | null = null;
  do {
    const page = await readExportPage(sql, section, owner, { after, limit });
    if (page.rows.length === 0) return;
    const text = page.rows.join(',');
    yield after === null ? text : `,${text}`;
    limit = Math.min(Math.max(1, Math.round((page.rows.length / text.length) * PAGE_CHARS)), MOST_ROWS);
    after = page.next;
    // Other requests of this process come first.
    await pause(0);
  } while (after !== null);
}
