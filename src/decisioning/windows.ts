import type { Bundle } from '../domain/definition.ts';
import { DAY, type Millis } from '../domain/time.ts';

/** Used for a limit without a window: "once ever" looks back this far. */
const EVER: Millis = 3650 * DAY;

/** How far back any cap, spacing or limit of the bundle looks: the deliveries that a decision must read. */
export function longestWindow(bundle: Bundle): Millis {
  const limits = bundle.actions.flatMap((action) => action.limit.map((limit) => limit.every ?? EVER));
  return Math.max(bundle.workspace.spacing, ...bundle.workspace.caps.map((cap) => cap.per), ...limits);
}
