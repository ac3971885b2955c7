import type { BranchArm } from '../../domain/definition.ts';
import { joinPath } from '../source/problem.ts';
import { toHundredths } from '../source/scalars.ts';
import type { ArmSource } from '../source/step-schema.ts';
import { compileWhen } from './expression.ts';
import type { StepContext } from './step-context.ts';

/** 100% in hundredths of a percent. */
const WHOLE = 10_000;

/** Compiles the arms of a branch: either conditions with an optional else, or shares of all customers. */
export function compileArms(
  sources: readonly ArmSource[],
  step: string,
  path: string,
  context: StepContext,
): BranchArm[] {
  const { events, resolveTarget } = context;
  const shares = sources.filter((arm) => arm.share !== undefined);
  if (shares.length > 0 && shares.length < sources.length) {
    context.error(path, 'shares divide all customers: move when and else to a separate branch');
  }
  const sum = shares.reduce((total, arm) => total + toHundredths(arm.share ?? '0%'), 0);
  if (shares.length > 0 && sum !== WHOLE) context.error(path, `shares must sum to 100%, not ${sum / 100}%`);
  if (new Set(shares.map((arm) => arm.salt)).size > 1)
    context.error(path, 'the shares of one branch need the same salt');
  return sources.map((arm, index): BranchArm => {
    const armPath = `${path}[${index}]`;
    if (arm.else !== undefined) {
      if (index < sources.length - 1) context.error(armPath, 'else must come last');
      return { kind: 'else', next: resolveTarget(joinPath(armPath, 'else'), arm.else) };
    }
    const next = resolveTarget(joinPath(armPath, 'next'), arm.next ?? 'exit');
    if (arm.share !== undefined)
      return { kind: 'share', share: toHundredths(arm.share), salt: arm.salt ?? step, next };
    return { kind: 'when', when: compileWhen(context, armPath, arm.when, { events }) ?? 'false', next };
  });
}
