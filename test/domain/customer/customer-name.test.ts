import { describe, expect, it } from 'vitest';
import { foldName, readCustomerName } from '../../../src/domain/customer/customer-name.ts';

const traits = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, { value, at: 0, seq: 0, source: 's' }]),
  );

describe('the name of a customer', () => {
  it.each([
    [{ name: 'Helen Berg', firstName: 'H.' }, 'Helen Berg'],
    [{ firstName: 'Helen', lastName: 'Berg' }, 'Helen Berg'],
    [{ first_name: 'Helen', last_name: ' Berg ' }, 'Helen Berg'],
    [{ lastName: 'Berg' }, 'Berg'],
    [{ name: '  ', firstName: 7 }, null],
    [{}, null],
  ])('is read from %o', (values, name) => {
    expect(readCustomerName(traits(values))).toBe(name);
  });

  it('is shortened between characters', () => {
    const name = readCustomerName(traits({ name: `${'a'.repeat(199)}😀b` })) as string;
    expect([name.length, name.isWellFormed()]).toEqual([199, true]);
  });

  it('is compared without differences of case, width and spaces', () => {
    expect(foldName(' HELEN\u3000 Bérg\n')).toBe('helen bérg');
    expect(foldName('\ufdfa'.repeat(100)).length).toBeLessThanOrEqual(200);
  });
});
