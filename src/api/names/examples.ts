/** Examples by schema name. */
export const examples = {
  Names: { journeys: { tips: 'Weekly tips' }, actions: { 'tip-grinder': 'Tip on grinding' } },
};
