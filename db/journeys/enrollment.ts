import type { Tx } from '../client.ts';

/** An enrollment, open or ended, with its customer and journey. */
export interface EnrollmentSummary {
  id: string;
  customerId: string;
  journey: string;
  endedAt: number | null;
  reason: string | null;
}

export async function viewEnrollment(
  tx: Tx,
  workspace: string,
  id: string,
): Promise<EnrollmentSummary | null> {
  const [row] = await tx<EnrollmentSummary[]>`
    select id, customer_id as "customerId", journey, ended_at as "endedAt", reason
    from enrollments where id = ${id} and workspace = ${workspace}`;
  return row ?? null;
}
