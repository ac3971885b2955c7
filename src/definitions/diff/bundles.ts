import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { describeEntry, describeExit, describeTrigger, formatShare } from '../describe/summaries.ts';
import { describeActionChanges, describeChanges } from './describe-changes.ts';
import { type BundleEdit, PINNED_CONSEQUENCE } from './edit.ts';
import { equalJson } from './equal-json.ts';
import { diffSteps } from './steps.ts';

const POLICY = 'holds from the next decision and claim on, for everybody';
const PLANNED = 'what is already planned goes out as it was decided; all later decisions go by the new one';

/** What an edit does, compared with the active bundle (null: there is none yet). Content isn't part of it. */
export function diffBundles(before: Bundle | null, after: Bundle): BundleEdit[] {
  return [
    ...diffJourneys(before?.journeys ?? [], after.journeys),
    ...diffById(before?.actions ?? [], after.actions, (id, change, old, item): BundleEdit => {
      const said = old && item ? describeActionChanges(old, item) : { what: [], rule: [] };
      const rule = {
        added: 'may be chosen from the next decision on',
        removed: `${PLANNED.split(';')[0]}; no later decision chooses it`,
        changed: [PLANNED, ...said.rule].join('; '),
      }[change];
      return {
        kind: `action_${change}`,
        change: [`action ${id}`, ...said.what].join(', '),
        consequence: rule,
      };
    }),
    ...diffById(before?.segments ?? [], after.segments, (id, change): BundleEdit => {
      return { kind: `segment_${change}`, change: `segment ${id}`, consequence: SEGMENT[change] };
    }),
    ...diffById(before?.placements ?? [], after.placements, (id, change, old, item): BundleEdit => {
      const said = old && item ? describeChanges('placement', old, item) : [];
      return {
        kind: 'placement_changed',
        change: [`placement ${id} ${change}`, ...said].join(', '),
        consequence: 'holds from the next request on',
      };
    }),
    ...diffKeys(before?.attributes ?? {}, after.attributes).map((name): BundleEdit => {
      const rule = 'holds from the next decision and message on; values that are known already are kept';
      return { kind: 'attribute_changed', change: `attribute ${name}`, consequence: rule };
    }),
    ...diffKeys(before?.workspace ?? {}, after.workspace).map((key): BundleEdit => {
      const rule = getOwn(RULES, key);
      const said = before && rule ? describeChanges(key, before.workspace[key], after.workspace[key]) : [];
      const what = said.length === 0 ? `workspace ${key}` : `workspace ${key}: ${said.join(', ')}`;
      return {
        kind: 'policy_changed',
        change: what,
        consequence: rule ?? (key === 'stages' ? STAGES : POLICY),
      };
    }),
    ...(equalJson(before?.group ?? null, after.group)
      ? []
      : [{ kind: 'policy_changed' as const, change: 'group', consequence: POLICY }]),
  ];
}

const STAGES = "each customer's stage is found anew when next looked at; a change is told as Stage Changed";
/** Of the keys that say how decisions are made. */
const RULES: Record<string, string> = {
  autonomy:
    "holds from the next decision on, wherever a step or placement doesn't say; what is planned goes out as it was decided",
  arbitration:
    'holds from the next decision on; what is planned goes out as it was decided, and what was learned stays',
  ideal: 'scores.type is reckoned by it from the next decision on',
  worth: 'what customers are worth is reckoned by it from the next look on; ranks follow with the next night',
  guardrails:
    'watches by it from the next check on; actions that are paused stay so until somebody resumes them',
  sendTime: 'holds for what is planned from now on',
};
const SEGMENT = {
  added: 'everybody is looked at once; who is inside already enters a journey by it only with backfill',
  removed: 'nobody enters by it any more; those inside a journey stay',
  changed:
    'everybody is looked at again; who is inside only by the new condition counts as coming in then, who no longer is as leaving; nobody inside a journey is restarted',
} as const;

type Change = 'added' | 'removed' | 'changed';

function diffById<T extends { id: string }>(
  before: readonly T[],
  after: readonly T[],
  edit: (id: string, change: Change, before?: T, after?: T) => BundleEdit,
): BundleEdit[] {
  const known = new Map(before.map((item) => [item.id, item]));
  const there = new Set(after.map((item) => item.id));
  return [
    ...before.filter(({ id }) => !there.has(id)).map(({ id }) => edit(id, 'removed')),
    ...after.flatMap((item) => {
      const old = known.get(item.id);
      if (old === undefined) return [edit(item.id, 'added')];
      return equalJson(old, item) ? [] : [edit(item.id, 'changed', old, item)];
    }),
  ];
}

function diffKeys<T extends object>(before: Partial<T>, after: T): (keyof T & string)[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort() as (keyof T & string)[];
  const of = (record: object, key: string): unknown =>
    Object.hasOwn(record, key) ? (record as Record<string, unknown>)[key] : undefined;
  return keys.filter((key) => !equalJson(of(before, key), of(after, key)));
}

function diffJourneys(before: readonly JourneyDef[], after: readonly JourneyDef[]): BundleEdit[] {
  const known = new Map(before.map((journey) => [journey.id, journey]));
  const there = new Set(after.map((journey) => journey.id));
  const removed = before
    .filter(({ id }) => !there.has(id))
    .map(({ id, versions }): BundleEdit => {
      const rule =
        versions === 'pin'
          ? 'those inside end under the version that they entered; nobody enters any more'
          : 'those inside leave with reason journey_removed, and what is planned for them is cancelled; nobody enters any more';
      return { kind: 'journey_removed', journey: id, change: `journey ${id}`, consequence: rule };
    });
  const others = after.flatMap((journey) => {
    const old = known.get(journey.id);
    if (old) return diffJourney(old, journey);
    const rule =
      'customers enter by what is accepted from now on; by a segment that they are in already only with backfill';
    return [
      {
        kind: 'journey_added' as const,
        journey: journey.id,
        change: `journey ${journey.id}`,
        consequence: rule,
      },
    ];
  });
  return [...removed, ...others];
}

/** Keys of a journey that rule who comes in, or say something about it, by what they mean for those inside. */
const OTHER_KEYS = ['owner', 'stage', 'key', 'reenter', 'whileOpen', 'limit'] as const;

function diffJourney(before: JourneyDef, after: JourneyDef): BundleEdit[] {
  const { id } = after;
  const edits: BundleEdit[] = [];
  const edit = (kind: BundleEdit['kind'], what: string, rule: string) =>
    edits.push({ kind, journey: id, change: what, consequence: rule });
  const pinned = before.versions === 'pin';
  const now = (rule: string) => (pinned ? PINNED_CONSEQUENCE : rule);
  if (!equalJson(before.versions, after.versions))
    edit('versions_changed', `versions ${after.versions}`, VERSIONS[after.versions]);
  if (!equalJson(before.enter, after.enter)) {
    const rule = 'rules who enters from now on; those inside stay';
    edit('entry_changed', after.enter.map(describeEntry).join(' or '), rule);
  }
  if (!equalJson(before.goal, after.goal)) {
    const rule = now(
      'holds at once for those inside, for events from now on; goals that are reached stay reached',
    );
    edit('goal_changed', after.goal ? describeTrigger(after.goal) : 'no goal', rule);
  }
  if (!equalJson(before.exit, after.exit)) {
    const rule = now('holds at once: who meets an exit now leaves at the next look');
    edit('exit_changed', after.exit.map(describeExit).join(' or '), rule);
  }
  if (before.holdout !== after.holdout) {
    const rule =
      'those inside keep their arm; who enters from now on is drawn by the new share, in which the smaller one is contained';
    edit('holdout_changed', `${formatShare(before.holdout)} → ${formatShare(after.holdout)}`, rule);
  }
  for (const key of OTHER_KEYS) {
    if (equalJson(before[key], after[key])) continue;
    const rule =
      key === 'owner' || key === 'stage'
        ? 'is for reports: nobody is affected'
        : 'rules who enters from now on; those inside stay';
    edit('journey_changed', `${key}: ${JSON.stringify(after[key])}`, rule);
  }
  return [...edits, ...diffSteps(before, after)];
}

const VERSIONS = {
  pin: 'who enters from now on ends under the version they entered; those inside go on following edits',
  follow:
    'who enters from now on follows edits; those who are pinned end under the version that they entered',
} as const;
