import type { Bundle, CapDef } from '../domain/definition.ts';
import { DAY, type Millis } from '../domain/time/time.ts';

/** The window of a limit without one: "once ever" looks back ten years. */
export const EVER: Millis = 3650 * DAY;

/** The workspace's caps and those of its group. */
export function listCaps({ workspace, group }: Bundle): CapDef[] {
  return group ? [...workspace.caps, ...group.caps] : workspace.caps;
}

/** How far back a cap, spacing or limit of the bundle looks: deliveries since then must be read. */
export function computeLookBack(bundle: Bundle): Millis {
  const limits = bundle.actions.flatMap((action) => action.limit.map((limit) => limit.every ?? EVER));
  return Math.max(bundle.workspace.spacing, ...listCaps(bundle).map((cap) => cap.per), ...limits);
}
