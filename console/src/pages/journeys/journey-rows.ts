import type { Answer } from '../../api/use-api.ts';
import type { JOURNEY_STATES, SORTS } from './search.ts';

export type JourneySummary = Answer<'get', '/v1/journeys'>['data'][number];
export type JourneyReport = Answer<'get', '/v1/reports/journeys'>['journeys'][number];
export type JourneyState = (typeof JOURNEY_STATES)[number];

/** A journey of the list, with what became of the last 28 days; undefined while that is not known. */
export interface JourneyRow {
  journey: JourneySummary;
  state: JourneyState;
  now: number;
  days: { entered: number; finished: number; left: number } | undefined;
}

/** Ends of an enrollment that are not early. */
const FINISHED = new Set(['goal', 'completed']);

/** What became of the enrollments that began in a period, of both arms. */
export function summarize({ treated, control }: JourneyReport): NonNullable<JourneyRow['days']> {
  const ends = [...treated.ended, ...control.ended];
  const sum = (list: typeof ends) => list.reduce((total, { ended }) => total + ended, 0);
  const finished = sum(ends.filter(({ reason }) => FINISHED.has(reason)));
  return { entered: treated.entered + control.entered, finished, left: sum(ends) - finished };
}

/** Joins journeys with their report. */
export function joinReport(
  journeys: readonly JourneySummary[],
  report: readonly JourneyReport[] | undefined,
): JourneyRow[] {
  const byId = new Map(report?.map((row) => [row.journey, row]));
  return journeys.map((journey) => {
    const now = journey.counts.treated.open + journey.counts.control.open;
    const found = byId.get(journey.id);
    const days = found ? summarize(found) : report && { entered: 0, finished: 0, left: 0 };
    return { journey, state: journey.stuck > 0 ? 'stuck' : now > 0 ? 'running' : 'empty', now, days };
  });
}

export interface JourneyFilter {
  q?: string;
  class?: 'marketing' | 'service';
  owner?: string;
  stage?: string;
  state?: JourneyState;
  sort?: (typeof SORTS)[number];
}

const nameOf = ({ journey }: JourneyRow) => journey.name ?? journey.id;

/** The rows that fit the filters, sorted. */
export function filterJourneys(rows: readonly JourneyRow[], filter: JourneyFilter): JourneyRow[] {
  const words = (filter.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter(({ journey, state }) => {
    const text = [
      journey.id,
      journey.name,
      journey.description,
      journey.goal?.on,
      journey.goal?.kpi,
      ...journey.entries,
    ]
      .join(' ')
      .toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (filter.class === undefined || journey.class === filter.class) &&
      (filter.owner === undefined || journey.owner === filter.owner) &&
      (filter.stage === undefined || journey.stage === filter.stage) &&
      (filter.state === undefined || state === filter.state)
    );
  });
  switch (filter.sort) {
    case 'now':
      return found.sort((a, b) => b.now - a.now);
    case 'entered':
      return found.sort((a, b) => (b.days?.entered ?? 0) - (a.days?.entered ?? 0));
    case 'name':
      return found.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
    default:
      return found;
  }
}
