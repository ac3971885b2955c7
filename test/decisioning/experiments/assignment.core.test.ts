import { expect, test } from 'vitest';
import { inGlobalControl, inHoldout } from '../../../src/domain/holdout.ts';
import { Life } from '../../support/core.ts';
import { bundleOf, byEvent, journeyOf, on, wait } from '../../support/define.ts';

test('C-13: reports and the core agree on who is a control', () => {
  const stand = [wait('stand', [{ kind: 'event', trigger: on('Never') }])];
  const bundle = bundleOf({
    workspace: { holdout: 2_000 },
    journeys: [journeyOf('tips', [byEvent('X')], stand, { class: 'marketing', holdout: 3_000 })],
  });
  const arms = Array.from({ length: 200 }, (_, i) => {
    const life = new Life(bundle, Date.UTC(2026, 0, 5), `cus_${i}`);
    life.happen({ name: 'X' });
    return life.state.enrollments[0]?.arm;
  });
  const { id } = bundle.workspace;
  expect(arms).toEqual(
    arms.map((_, i) =>
      inGlobalControl(id, `cus_${i}`, 2_000) || inHoldout(id, 'tips', `cus_${i}`, 3_000)
        ? 'control'
        : 'treated',
    ),
  );
  expect(new Set(arms)).toEqual(new Set(['control', 'treated']));
});
