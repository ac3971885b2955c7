import { blocked, type Gate, pass } from '../gate.ts';

const GATE = 'coupon';

/** No coupon is issued and no budget is spent yet, so what needs one can't go out. */
export const coupon: Gate = ({ action }) =>
  action.coupon === null && action.budget === null
    ? pass(GATE)
    : [blocked(GATE, 'not_supported', { needed: action.coupon ? 'coupon' : 'budget' })];
