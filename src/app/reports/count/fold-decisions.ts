import type { CountedFacts } from '../../../../db/schema/json.ts';
import type { CountedDecision } from './customer-rows.ts';

/** Adds what reports need of further decisions about a customer, in their order, to what was read of earlier ones. */
export function foldDecisions(
  { moves, exposures, decidedTo, decided, ...facts }: CountedFacts,
  rows: CountedDecision[],
  overlap: number,
): CountedFacts {
  const walked = { ...moves };
  const exposed = [...exposures];
  for (const { id, at, epoch, ordinal, kind, moves: made } of rows) {
    for (const [enrollment, from, to, special] of made ?? []) {
      if (special === 'exposed') exposed.push([enrollment, from, to, at, id]);
      else if (kind === 'journey')
        walked[enrollment] = walk(walked[enrollment], from, to, [epoch, ordinal ?? 0]);
    }
  }
  const newest = Math.max(decidedTo, ...rows.map(({ committedAt }) => committedAt));
  const known = [...decided, ...rows.map(({ id, committedAt }): [string, number] => [id, committedAt])];
  return {
    ...facts,
    moves: walked,
    exposures: exposed,
    decidedTo: newest,
    // The next read returns these again.
    decided: known.filter(([, committedAt]) => committedAt > newest - overlap),
  };
}

type Walk = CountedFacts['moves'][string];

/** An enrollment that was moved to `exit` ended at its previous step. */
function walk(known: Walk | undefined, from: string, to: string, [epoch, ordinal]: [number, number]): Walk {
  const steps = [...new Set([...(known?.steps ?? []), from, ...(to === 'exit' ? [] : [to])])];
  const step = to === 'exit' ? from : to;
  const isOlder =
    known !== undefined && (known.last[0] > epoch || (known.last[0] === epoch && known.last[1] > ordinal));
  return { steps, last: isOlder ? known.last : [epoch, ordinal, step] };
}
