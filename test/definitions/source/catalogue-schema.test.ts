import { expect, test } from 'vitest';
import { catalogueSource } from '../../../src/definitions/source/catalogue-schema.ts';

const accepts = (title: unknown) => {
  const products = [{ id: 'beans', name: 'Beans', url: 'https://shop.example/beans' }];
  return catalogueSource.safeParse({ title, products }).success;
};

test.each(['en', 'de-AT', 'zh-Hant', 'zh-Hant-TW', 'es-419'])(
  'a title in %s, as workspace.yaml and content files write it',
  (locale) => {
    expect(accepts({ [locale]: 'For you' })).toBe(true);
  },
);

test.each(['german', 'de_AT', 'de-at', '*'])('%s is no locale of a title', (locale) => {
  expect(accepts({ [locale]: 'For you' })).toBe(false);
});
