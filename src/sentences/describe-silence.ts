import { describeLift, describeVerdict } from './describe-verdict.ts';
import type { JudgedDecision } from './explain-action.ts';
import { type Message, message } from './message.ts';
import { partsParam } from './param.ts';
import { sortReasons } from './sort-reasons.ts';

/** Reasons of one decision that are written out. */
const SHOWN_REASONS = 2;

/** Why the actions that a decision blocked are silent: for each of them the reason that lasts longest. */
export function describeSilence({ actions, candidates }: JudgedDecision): Message[] {
  const chosen = new Set(actions.map(({ action }) => action));
  const silent = new Map<string, { actions: string[]; reason: Message; lift: Message }>();
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
    const reason = describeVerdict(verdict, { channel });
    const lift = describeLift(verdict);
    const key = JSON.stringify([reason, lift]);
    const same = silent.get(key);
    if (same) same.actions.push(action);
    else silent.set(key, { actions: [action], reason, lift });
  }
  return [...silent.values()].slice(0, SHOWN_REASONS).map(({ actions: list, reason, lift }) =>
    message('decision.silence', {
      actions: { list },
      reason: partsParam(reason),
      lift: partsParam(lift),
    }),
  );
}
