import { examples as accounts } from '../accounts/examples.ts';
import { examples as actions } from '../actions/examples.ts';
import { examples as cms } from '../cms/examples.ts';
import { examples as commands } from '../commands/examples.ts';
import { examples as config } from '../config/examples.ts';
import { examples as content } from '../content/examples.ts';
import { examples as coupons } from '../coupons/examples.ts';
import { examples as customers } from '../customers/examples.ts';
import { examples as decisions } from '../decisions/examples.ts';
import { examples as deliveries } from '../deliveries/examples.ts';
import { examples as eligibility } from '../eligibility/examples.ts';
import { examples as embed } from '../embed/examples.ts';
import { examples as events } from '../events/examples.ts';
import { examples as inbox } from '../inbox/examples.ts';
import { examples as journeys } from '../journeys/examples.ts';
import { examples as keys } from '../keys/examples.ts';
import { examples as names } from '../names/examples.ts';
import { examples as realtime } from '../realtime/examples.ts';
import { examples as rejected } from '../rejected/examples.ts';
import { examples as reports } from '../reports/examples.ts';
import { examples as start } from '../start/examples.ts';
import { examples as systemStatus } from '../system-status/examples.ts';
import { examples as tasks } from '../tasks/examples.ts';
import { examples as whatIf } from '../what-if/examples.ts';

/**
 * Examples of request bodies and answers, by schema name. `test/api/openapi/document.test.ts` checks that every
 * operation has some, and that each fits its schema.
 */
export const EXAMPLES: Record<string, object> = {
  ...accounts,
  ...actions,
  ...cms,
  ...commands,
  ...config,
  ...content,
  ...coupons,
  ...customers,
  ...decisions,
  ...deliveries,
  ...eligibility,
  ...embed,
  ...events,
  ...inbox,
  ...journeys,
  ...keys,
  ...names,
  ...realtime,
  ...rejected,
  ...reports,
  ...systemStatus,
  ...start,
  ...tasks,
  ...whatIf,
};
