import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { enrollments } from '../schema.ts';

const COLUMNS = ['id', 'customerId', 'journey', 'endedAt', 'reason'] as const;

/** An enrollment, open or ended, with its customer and journey. */
export type EnrollmentSummary = Row<typeof enrollments, (typeof COLUMNS)[number]>;

export async function viewEnrollment(
  tx: Tx,
  workspace: string,
  id: string,
): Promise<EnrollmentSummary | null> {
  const [row] = await tx<EnrollmentSummary[]>`
    select ${selectColumns(tx, enrollments, COLUMNS)} from enrollments where id = ${id} and workspace = ${workspace}`;
  return row ?? null;
}
