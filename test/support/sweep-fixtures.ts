import { uuidv7 } from 'uuidv7';
import type { Database } from '../../db/client.ts';
import { emptyProfile } from '../../src/domain/customer/profile.ts';
import { createScheduleSync } from '../../src/service/sync-schedules.ts';
import { createSweepClient } from '../../src/temporal/sweep-client.ts';
import type { BundleFile } from './bundles.ts';
import type { TestSystem } from './system.ts';

/** A workspace with nothing in it but what a test puts there. */
export function buildSmallBundle(...files: BundleFile[]): BundleFile[] {
  const text = `
id: aroma
name: Aroma Coffee
currency: EUR
timezone: Europe/Berlin
locales: [en]
sender: { name: Aroma Coffee, email: hello@aroma.example }
`;
  return [{ path: 'workspace.yaml', text }, ...(files.length > 0 ? files : [PATIENT_JOURNEY])];
}

/** A service journey that sends nothing: whoever is in rests there. `enter` and `steps` are YAML. */
export function buildJourneyFile(
  id: string,
  enter: string,
  more: { steps?: string; rest?: string } = {},
): BundleFile {
  const { steps = '[{ id: rest, wait: { until: [{ after: 30d }] } }]', rest = '' } = more;
  const text = `
id: ${id}
class: service
owner: care
enter: ${enter}
exit: [{ after: 300d }]
steps: ${steps}
${rest}
`;
  return { path: `journeys/${id}.yaml`, text };
}

/** Entered by the API alone: a bundle needs a journey. */
export const PATIENT_JOURNEY = buildJourneyFile('patient', '{ api: true }');

/** `segments.yaml`: conditions by id. */
export function buildSegmentsFile(segments: Record<string, string>): BundleFile {
  const text = Object.entries(segments).map(([id, when]) => `- { id: ${id}, when: ${JSON.stringify(when)} }`);
  return { path: 'segments.yaml', text: `${text.join('\n')}\n` };
}

/** Customers as if they had been known for long: rows, with no event in their log. In the order of their ids. */
export async function insertCustomers(
  db: Database,
  count: number,
  traitsOf: (n: number) => Record<string, unknown>,
): Promise<string[]> {
  const at = Date.now();
  const rows = Array.from({ length: count }, (_, n) => {
    const traits = Object.fromEntries(
      Object.entries(traitsOf(n)).map(([key, value]) => [key, { value, at, seq: 0, source: 'test' }]),
    );
    return { id: `cus_${uuidv7().replaceAll('-', '')}`, profile: { ...emptyProfile(), traits } };
  });
  await db.sql`
    insert into customers (id, workspace, profile)
    select id, 'aroma', profile from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(id text, profile jsonb)`;
  await db.sql`
    insert into wakes (customer_id, workspace, requested_seq) select id, 'aroma', 0 from customers on conflict do nothing`;
  return rows.map((row) => row.id);
}

/** Makes Temporal match the active bundle, as the relay does. Runs of a sweep are of two pages, so that they continue. */
export function createScheduleSyncFor({ client, db, service }: TestSystem): () => Promise<void> {
  const sweeps = createSweepClient(client, service.config.taskQueue, { pages: 2 });
  return createScheduleSync({ db: db.db, bundles: service.bundles, sweeps, log: service.log });
}

/** The open enrollments of a customer, as the journey's state has them. */
export async function findOpenEnrollments(
  { db }: TestSystem,
  customerId: string,
): Promise<{ id: string; journey: string; step: string; version: number; status: { kind: string } }[]> {
  const [row] = await db.db
    .sql`select state -> 'enrollments' as open from journeys where customer_id = ${customerId}`;
  return row?.open ?? [];
}
