import type { Tx } from '../client.ts';
import { enrollmentOfMove } from '../decisions/record/moves.ts';
import type { Span } from './span.ts';

type Arm = 'treated' | 'control';

/** Enrollments within the span. */
const CAME_IN = (tx: Tx, { workspace, from, to }: Span) => tx`
  workspace = ${workspace} and entered_at >= ${from} and entered_at < ${to}`;

export interface EntryCount {
  journey: string;
  arm: Arm;
  entered: number;
  open: number;
  goal: number;
  excluded: number;
}

export async function countEntriesByArm(tx: Tx, span: Span): Promise<EntryCount[]> {
  return tx<EntryCount[]>`
    select journey, arm, count(*) as entered, count(*) filter (where ended_at is null) as open,
           count(*) filter (where goal_at is not null) as goal, count(*) filter (where excluded) as excluded
    from enrollments where ${CAME_IN(tx, span)} group by journey, arm order by journey, arm desc`;
}

export interface EndCount {
  journey: string;
  arm: Arm;
  reason: string;
  ended: number;
}

export async function countEnds(tx: Tx, span: Span): Promise<EndCount[]> {
  return tx<EndCount[]>`
    select journey, arm, coalesce(reason, '') as reason, count(*) as ended
    from enrollments where ${CAME_IN(tx, span)} and ended_at is not null
    group by 1, 2, 3 order by 1, 2, ended desc, 3`;
}

export interface GoalCount {
  journey: string;
  arm: Arm;
  customers: number;
  goal: number;
}

/** Counts customers and reached goals per arm, without customers of both arms or excluded enrollments. */
export async function countGoals(tx: Tx, span: Span): Promise<GoalCount[]> {
  return tx<GoalCount[]>`
    select journey, arm, count(*) as customers, count(*) filter (where goal) as goal
    from (
      select journey, customer_id, min(arm) as arm, bool_or(goal_at is not null) as goal
      from enrollments where ${CAME_IN(tx, span)}
      group by journey, customer_id having not bool_or(excluded) and min(arm) = max(arm)
    ) t group by journey, arm order by journey, arm desc`;
}

export interface StepCount {
  journey: string;
  /** Null: the start of the journey. */
  step: string | null;
  /** Enrollments that ever reached it. */
  reached: number;
  /** Those of them that are there now, and those that ended there, by reason. */
  standing: number;
  ended: Record<string, number>;
}

/**
 * How far treated enrollments came until now, from the moves that decisions recorded. An enrollment without moves
 * is at the start of the journey; one that was moved to `exit` ended at its previous step.
 */
export async function countSteps(tx: Tx, span: Span): Promise<StepCount[]> {
  const { workspace, from } = span;
  return tx<StepCount[]>`
    with cohort as (
      select id, journey, ended_at, reason from enrollments where ${CAME_IN(tx, span)} and arm = 'treated'
    ), moves as (
      select c.id, c.journey, m ->> 1 as f, m ->> 2 as t, d.epoch, d.ordinal, x.n
      from decisions d
      cross join lateral jsonb_array_elements(d.moves) with ordinality x(m, n)
      join cohort c on c.id = ${enrollmentOfMove(tx)}
      where d.workspace = ${workspace} and d.kind = 'journey' and d.at >= ${from}
        and d.moves is not null and m ->> 3 is null
    ), stood as (
      select id, journey, f as step from moves
      union select id, journey, t from moves where t <> 'exit'
      union select id, journey, null from cohort where id not in (select id from moves)
    ), last as (
      select distinct on (id) id, case when t = 'exit' then f else t end as step from moves
      order by id, epoch desc, ordinal desc, n desc
    ), now as (
      select c.journey, l.step, c.ended_at is null as open, coalesce(c.reason, '') as reason, count(*) as n
      from cohort c left join last l on l.id = c.id group by 1, 2, 3, 4
    )
    select s.journey, s.step, count(distinct s.id) as reached,
           coalesce((select sum(n) from now where now.journey = s.journey and now.step is not distinct from s.step
                     and open), 0)::bigint as standing,
           coalesce((select json_object_agg(reason, n) from now where now.journey = s.journey
                     and now.step is not distinct from s.step and not open), '{}') as ended
    from stood s group by s.journey, s.step order by s.journey, s.step nulls first`;
}

/** Number of enrollments within the span; counting stops at `most` + 1. */
export async function countEnrollments(tx: Tx, span: Span, most: number): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select count(*) as n from (select 1 from enrollments where ${CAME_IN(tx, span)} limit ${most + 1}) t`;
  return row?.n ?? 0;
}
