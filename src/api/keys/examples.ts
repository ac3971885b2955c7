/** Examples by schema name. */
export const examples = {
  NewKey: { kind: 'write', label: 'shop' },
  CreatedKey: { kind: 'write', label: 'shop', key: 'wk_Xk3f9QzAoVnE0r4dR6hM2tYw8sUjLc1bGp5iNqTxKfA' },
};
