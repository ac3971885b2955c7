import { uuidv7 } from 'uuidv7';
import type { Database } from '../../db/client.ts';
import { emptyProfile } from '../../src/domain/customer/profile.ts';
import { createScheduleSync } from '../../src/service/sync-schedules.ts';
import { createSweepClient } from '../../src/temporal/sweep-client.ts';
import type { BundleFile } from './bundles.ts';
import type { TestSystem } from './system.ts';

/** Builds a bundle that contains only these files and a minimal workspace. */
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

/** Builds a service journey that sends nothing; enrolled customers wait in it. `enter` and `steps` are YAML. */
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

/** A journey that only the API can enter: every bundle requires a journey. */
export const PATIENT_JOURNEY = buildJourneyFile('patient', '{ api: true }');

/** `segments.yaml`: conditions by id. */
export function buildSegmentsFile(segments: Record<string, string>): BundleFile {
  const text = Object.entries(segments).map(([id, when]) => `- { id: ${id}, when: ${JSON.stringify(when)} }`);
  return { path: 'segments.yaml', text: `${text.join('\n')}\n` };
}

/** Inserts customers without events. Returns their ids, in order. */
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

/** Creates the function with which the relay syncs schedules. A sweep run has two pages, so that sweeps continue as new. */
export function createScheduleSyncFor({ client, db, service }: TestSystem): () => Promise<void> {
  const sweeps = createSweepClient(client, service.config.taskQueue, { pages: 2 });
  return createScheduleSync({ db: db.db, bundles: service.bundles, sweeps, log: service.log });
}

/** Reads the open enrollments from the state of a customer's journey. */
export async function findOpenEnrollments(
  { db }: TestSystem,
  customerId: string,
): Promise<{ id: string; journey: string; step: string; version: number; status: { kind: string } }[]> {
  const [row] = await db.db
    .sql`select state -> 'enrollments' as open from journeys where customer_id = ${customerId}`;
  return row?.open ?? [];
}
