import type { z } from 'zod';
import { listOffers } from '../../app/actions/list-offers.ts';
import type { GatePreview } from '../../app/decide/preview.ts';
import type { GateVerdict } from '../../domain/candidate.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { earliest, iso, type Millis, SECOND } from '../../domain/time/time.ts';
import { computeLift } from '../../engine/lift.ts';
import { EVER, listCaps } from '../../engine/look-back.ts';
import { toIsoOrNull, toVerdictViews } from '../frame/format.ts';
import type { actionEligibility } from './schema.ts';

/** The gates' answers as the API shows them. */
export function toEligibilityView(
  customerId: string,
  preview: GatePreview,
): z.infer<typeof actionEligibility> {
  const { action, enrollment, now, bundle } = preview;
  const { version } = bundle;
  const channels = preview.channels.map(({ channel, gates }) => ({
    channel,
    gates,
    lift: computeLift(gates),
    isAllowed: gates.every((gate) => gate.pass),
  }));
  const allowed = channels.some(({ isAllowed }) => isAllowed);
  return {
    customerId,
    action: action.id,
    class: action.class,
    purpose: action.purpose,
    topic: action.topic,
    offeredBy: listOffers(bundle, action),
    asOf: iso(now),
    versions: { bundle: `b-${version}` },
    enrollmentId: enrollment?.id ?? null,
    allowed,
    liftsAt: allowed ? null : toIsoOrNull(earliest(...channels.map(({ lift }) => lift.at))),
    channels: channels.map(({ channel, gates, lift, isAllowed }) => ({
      channel,
      verdict: isAllowed ? 'allowed' : 'blocked',
      liftsAt: toIsoOrNull(lift.at),
      liftsOn: lift.events,
      gates: toVerdictViews(gates, { policy: version, action: version }).map((view, index) =>
        addWindow(view, gates[index] as GateVerdict, bundle, action),
      ),
    })),
  };
}

/** Adds the length of the window to the verdict of a full cap or limit; null: it never ends. */
function addWindow<View extends object>(
  view: View,
  { pass, gate, rule }: GateVerdict,
  bundle: Bundle,
  action: ActionDef,
): View & { windowSeconds?: number | null } {
  if (pass || rule === undefined || (gate !== 'caps' && gate !== 'limit')) return view;
  const index = Number(/\[(\d+)\]$/.exec(rule)?.[1]);
  const caps = rule.startsWith('group.') ? (bundle.group?.caps ?? []) : listCaps(bundle);
  const window = gate === 'caps' ? caps[index]?.per : action.limit[index]?.every;
  return { ...view, windowSeconds: toSeconds(window ?? null) };
}

function toSeconds(window: Millis | null): number | null {
  return window === null || window >= EVER ? null : window / SECOND;
}
