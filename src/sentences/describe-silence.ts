import { type BlockingVerdict, describeLift, describeVerdict } from './describe-verdict.ts';
import type { JudgedDecision } from './explain-action.ts';
import { type Message, message } from './message.ts';
import { partsParam } from './param.ts';
import { sortReasons } from './sort-reasons.ts';

/** Reasons of one decision that are written out. */
const SHOWN_REASONS = 2;

/** Actions that a decision blocked for the same reason, and the verdict that lasts longest. */
export interface Silence<Verdict extends BlockingVerdict = BlockingVerdict> {
  actions: readonly string[];
  channel: string;
  verdict: Verdict;
}

type Judged<Verdict> = Pick<JudgedDecision, 'actions'> & {
  candidates: readonly (Omit<JudgedDecision['candidates'][number], 'gates'> & {
    gates: readonly Verdict[];
  })[];
};

/** Why the actions that a decision blocked are silent: for each of them the reason that lasts longest. */
export function listSilence<Verdict extends BlockingVerdict & { pass: boolean }>({
  actions,
  candidates,
}: Judged<Verdict>): Silence<Verdict>[] {
  const chosen = new Set(actions.map(({ action }) => action));
  const silent = new Map<string, { actions: string[]; channel: string; verdict: Verdict }>();
  for (const action of new Set(candidates.map((candidate) => candidate.action))) {
    const own = candidates.filter((candidate) => candidate.action === action);
    if (chosen.has(action) || own.some(({ verdict }) => verdict !== 'blocked')) continue;
    const [longest] = sortReasons(
      own.flatMap(({ channel, gates }) =>
        gates.filter(({ pass }) => !pass).map((verdict) => ({ channel, verdict, ...verdict })),
      ),
    );
    if (!longest) continue;
    const { verdict, channel } = longest;
    const key = JSON.stringify([describeVerdict(verdict, { channel }), describeLift(verdict)]);
    const same = silent.get(key);
    if (same) same.actions.push(action);
    else silent.set(key, { actions: [action], channel, verdict });
  }
  return [...silent.values()].slice(0, SHOWN_REASONS);
}

/** What is silent, why, and when that lifts, in one sentence each. */
export function describeSilence(silence: readonly Silence[]): Message[] {
  return silence.map(({ actions, channel, verdict }) =>
    message('decision.silence', {
      actions: { list: actions },
      reason: partsParam(describeVerdict(verdict, { channel })),
      lift: partsParam(describeLift(verdict)),
    }),
  );
}
