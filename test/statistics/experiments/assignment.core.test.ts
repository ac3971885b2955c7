import { expect, test } from 'vitest';
import { isInGlobalControl, isInHoldout } from '../../../src/domain/holdout.ts';
import { buildBundle, buildJourney, entryByEvent, trigger, waitStep } from '../../support/bundle-builders.ts';
import { Life } from '../../support/life.ts';

test('C-13: reports and the engine agree on which customers are controls', () => {
  const stand = [waitStep('stand', [{ kind: 'event', trigger: trigger('Never') }])];
  const bundle = buildBundle({
    workspace: { holdout: 2_000 },
    journeys: [buildJourney('tips', [entryByEvent('X')], stand, { class: 'marketing', holdout: 3_000 })],
  });
  const arms = Array.from({ length: 200 }, (_, i) => {
    const life = new Life(bundle, Date.UTC(2026, 0, 5), `cus_${i}`);
    life.acceptAndDecide({ name: 'X' });
    return life.state.enrollments[0]?.arm;
  });
  const { id } = bundle.workspace;
  expect(arms).toEqual(
    arms.map((_, i) =>
      isInGlobalControl(id, `cus_${i}`, 2_000) || isInHoldout(id, 'tips', `cus_${i}`, 3_000)
        ? 'control'
        : 'treated',
    ),
  );
  expect(new Set(arms)).toEqual(new Set(['control', 'treated']));
});
