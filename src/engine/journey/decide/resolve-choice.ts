import {
  AGENT_DESK,
  type ArbitrationRecord,
  type Candidate,
  type Choice,
  type JudgedCandidate,
} from '../../../domain/candidate.ts';
import type { DecideStep } from '../../../domain/definition.ts';
import type { ClaimRefusal, Enrollment } from '../../../domain/state.ts';
import type { Instant } from '../../../domain/time/time.ts';

/** The candidates that one enrollment carries out: the chosen one, then its further channels. */
export type ChosenCandidates = [Candidate, ...Candidate[]];

export interface ResolvedChoice {
  /** The choice as the decision records it. */
  choice: Choice;
  /** By enrollment. An enrollment that is missing carries out nothing. */
  chosen: ReadonlyMap<string, ChosenCandidates>;
}

/** An enrollment at its decide step. */
export interface EnrollmentAtStep {
  enrollment: Enrollment;
  step: DecideStep;
}

/**
 * Turns the chooser's answer into what each enrollment carries out. Two rules apply:
 *
 * - A recent claim refusal blocks. The gates may allow what a claim has just refused, since the two read different
 *   snapshots. The refusal then counts as one more gate that time lifts. What the arbitration drew stays on record,
 *   but it is not carried out, so no reward is awaited for it.
 * - `deliver: all` sends the chosen action through every channel that is allowed, in the order of the action's list.
 */
export function resolveChoice(
  choice: Choice,
  candidates: Candidate[],
  atStep: EnrollmentAtStep[],
  now: Instant,
): ResolvedChoice {
  const refusals = new Map<string, ClaimRefusal>();
  const chosen = new Map<string, ChosenCandidates>();
  for (const { enrollment, step } of atStep) {
    const first = choice.chosen.find((candidate) => candidate.enrollment === enrollment);
    if (!first) continue;
    const refusal = findRecentRefusal(enrollment, now);
    if (refusal) refusals.set(enrollment.id, refusal);
    else chosen.set(enrollment.id, [first, ...findFurtherChannels(candidates, step, first, choice)]);
  }
  const judgedCandidates = choice.judgedCandidates.map((judged) => {
    const refusal = refusals.get(judged.enrollmentId);
    return refusal ? blockByRefusal(judged, refusal) : markFurtherChannel(judged, chosen, choice);
  });
  const arbitration = choice.arbitration && excludeRefused(choice.arbitration, choice, refusals);
  return { choice: { ...choice, judgedCandidates, arbitration }, chosen };
}

/** The claim's refusal of this enrollment's last effect, while its pause lasts; null otherwise. */
function findRecentRefusal({ status }: Enrollment, now: Instant): ClaimRefusal | null {
  const refusal = status.kind === 'held' ? status.refusal : null;
  return refusal && refusal.notBefore > now ? refusal : null;
}

function findFurtherChannels(
  candidates: Candidate[],
  step: DecideStep,
  chosen: Candidate,
  choice: Choice,
): Candidate[] {
  if (step.deliver === 'one' || chosen.channel === AGENT_DESK) return [];
  return candidates.filter(
    (candidate) =>
      candidate !== chosen &&
      candidate.enrollment === chosen.enrollment &&
      candidate.action === chosen.action &&
      findJudged(choice, candidate)?.verdict === 'allowed',
  );
}

function findJudged({ judgedCandidates }: Choice, candidate: Candidate): JudgedCandidate | undefined {
  return judgedCandidates.find((judged) => isSame(judged, candidate));
}

function isSame(judged: JudgedCandidate, { enrollment, action, channel }: Candidate): boolean {
  return judged.enrollmentId === enrollment.id && judged.action === action.id && judged.channel === channel;
}

/** A further channel is chosen with the same probability as the first. */
function markFurtherChannel(
  judged: JudgedCandidate,
  chosen: ResolvedChoice['chosen'],
  choice: Choice,
): JudgedCandidate {
  const [first, ...further] = chosen.get(judged.enrollmentId) ?? [];
  if (!first || !further.some((candidate) => isSame(judged, candidate))) return judged;
  return { ...judged, verdict: 'chosen', propensity: findJudged(choice, first)?.propensity ?? 1 };
}

function blockByRefusal(judged: JudgedCandidate, { code, notBefore }: ClaimRefusal): JudgedCandidate {
  const { verdict } = judged;
  return {
    ...judged,
    verdict: verdict === 'chosen' || verdict === 'allowed' ? 'blocked' : verdict,
    gates: [...judged.gates, { gate: 'claim', pass: false, code, liftsAt: notBefore }],
  };
}

function excludeRefused(
  arbitration: ArbitrationRecord,
  { judgedCandidates }: Choice,
  refusals: ReadonlyMap<string, ClaimRefusal>,
): ArbitrationRecord {
  const exclusions = [...refusals].flatMap(([id, { code }]) =>
    judgedCandidates
      .filter((judged) => judged.enrollmentId === id && judged.verdict === 'chosen')
      .map(({ action, channel }) => `${action}/${channel}`)
      .filter((arm) => arm === arbitration.chosen)
      .map((arm) => ({ code: `claim_${code}`, subject: arm })),
  );
  if (exclusions.length === 0) return arbitration;
  return { ...arbitration, rewards: [], exclusions: [...arbitration.exclusions, ...exclusions] };
}
