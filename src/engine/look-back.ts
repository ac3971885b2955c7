import type { Bundle, CapDef } from '../domain/definition.ts';
import { DAY, type Millis } from '../domain/time/time.ts';

/** Window of a limit that has none: "once ever" looks back this far. */
export const EVER: Millis = 3650 * DAY;

/** The workspace's caps and those of its group. */
export function listCaps({ workspace, group }: Bundle): CapDef[] {
  return group ? [...workspace.caps, ...group.caps] : workspace.caps;
}

/** How far back any cap, spacing or limit of the bundle looks: the deliveries that a decision must read. */
export function computeLookBack(bundle: Bundle): Millis {
  const limits = bundle.actions.flatMap((action) => action.limit.map((limit) => limit.every ?? EVER));
  return Math.max(bundle.workspace.spacing, ...listCaps(bundle).map((cap) => cap.per), ...limits);
}
