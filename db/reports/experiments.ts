import type { Tx } from '../client.ts';
import { enrollmentOfMove } from '../decisions/record/moves.ts';
import type { Span } from './span.ts';

export interface ExposureRow {
  customer: string;
  journey: string;
  step: string;
  arm: string;
  succeeded: boolean;
}

/**
 * The arm of each share branch in a customer's first enrollment within the period, and whether it reached the goal
 * afterwards.
 */
export async function readExposures(
  tx: Tx,
  { workspace, journeys, from, to }: Span & { journeys: string[] },
): Promise<ExposureRow[]> {
  return tx<ExposureRow[]>`
    with entered as (
      select distinct on (journey, customer_id) id, customer_id, journey, arm, excluded, entered_at, goal_at
      from enrollments
      where workspace = ${workspace} and journey = any(${journeys}) and entered_at >= ${from} and entered_at < ${to}
      order by journey, customer_id, entered_at, id
    )
    select distinct on (e.journey, m ->> 1, e.customer_id) e.customer_id as customer, e.journey, m ->> 1 as step,
      m ->> 2 as arm,
      e.goal_at is not null and e.goal_at >= d.at as succeeded
    from entered e
    join decisions d on d.customer_id = e.customer_id and d.at >= e.entered_at
    cross join lateral jsonb_array_elements(d.moves) m
    where e.arm = 'treated' and not e.excluded and m ->> 3 = 'exposed' and ${enrollmentOfMove(tx)} = e.id
    order by e.journey, m ->> 1, e.customer_id, d.at, d.id`;
}

export interface VariantRow {
  customer: string;
  action: string;
  channel: string;
  variant: string;
  succeeded: boolean;
}

/**
 * The first delivery with a test variant per customer, action and channel, and whether the goal was reached afterwards.
 */
export async function readVariants(
  tx: Tx,
  { workspace, actions, from, to }: Span & { actions: string[] },
): Promise<VariantRow[]> {
  return tx<VariantRow[]>`
    select distinct on (d.action, d.channel, d.customer_id) d.customer_id as customer, d.action, d.channel, d.variant,
      e.goal_at is not null and e.goal_at >= d.at as succeeded
    from deliveries d join enrollments e on e.id = d.enrollment_id and not e.excluded
    where d.workspace = ${workspace} and d.action = any(${actions}) and d.at >= ${from} and d.at < ${to}
      and d.state in ('sent', 'unknown') and d.variant is not null
    order by d.action, d.channel, d.customer_id, d.at, d.id`;
}

/** Customers who entered one of these journeys within the period and reached its goal. */
export async function readCustomersAtGoal(
  tx: Tx,
  { workspace, journeys, from, to }: Span & { journeys: string[] },
): Promise<string[]> {
  const rows = await tx<{ customer: string }[]>`
    select distinct customer_id as customer from enrollments
    where workspace = ${workspace} and journey = any(${journeys}) and entered_at >= ${from} and entered_at < ${to}
      and goal_at is not null`;
  return rows.map(({ customer }) => customer);
}
