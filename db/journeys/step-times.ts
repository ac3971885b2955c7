import type { Tx } from '../client.ts';
import { enrollmentOfMove } from '../decisions/record/moves.ts';

/** How long customers stay at a step, in milliseconds: half of them for less than `p50`, nine of ten for less than `p90`. */
export interface StepTime {
  step: string;
  customers: number;
  p50: number;
  p90: number;
}

/** How long the customers who are at the steps of a journey now have been there. Reads one index only. */
export async function readTimesSoFar(
  tx: Tx,
  workspace: string,
  journey: string,
  now: number,
): Promise<StepTime[]> {
  return tx<StepTime[]>`
    select step, count(*) as customers,
      ${now}::bigint - percentile_disc(0.5) within group (order by since desc) as p50,
      ${now}::bigint - percentile_disc(0.9) within group (order by since desc) as p90
    from enrollments
    where workspace = ${workspace} and journey = ${journey} and ended_at is null and step is not null
      and state <> 'control'
    group by step order by step`;
}

/** Enrollments whose moves are looked at: a sample, so that the time to read them does not grow with the journey. */
const SAMPLE = 300;

/**
 * How long customers stayed at the steps of a journey that they have left, from the enrollments that ended last and as
 * many open ones. The first step of each began with the enrollment.
 */
export async function readTimesOfLeft(tx: Tx, workspace: string, journey: string): Promise<StepTime[]> {
  return tx<StepTime[]>`
    with sample as (
      (select id, customer_id, entered_at, ended_at from enrollments
       where workspace = ${workspace} and journey = ${journey} and ended_at is not null
       order by ended_at desc limit ${SAMPLE})
      union all
      (select id, customer_id, entered_at, ended_at from enrollments
       where workspace = ${workspace} and journey = ${journey} and ended_at is null limit ${SAMPLE})
    ), moves as (
      select s.id, d.epoch, d.ordinal, x.n, d.at, m ->> 1 as step,
        coalesce(lag(d.at) over (partition by s.id order by d.epoch, d.ordinal, x.n), s.entered_at) as began
      from sample s
      join decisions d on d.customer_id = s.customer_id and d.moves is not null and d.kind = 'journey'
      cross join lateral jsonb_array_elements(d.moves) with ordinality x(m, n)
      where m ->> 3 is null and ${enrollmentOfMove(tx)} = s.id
    )
    select step, count(*) as customers, percentile_disc(0.5) within group (order by greatest(at - began, 0)) as p50,
      percentile_disc(0.9) within group (order by greatest(at - began, 0)) as p90
    from moves group by step order by step`;
}
