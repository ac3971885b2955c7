import type { GoProgram } from '../../src/dev/temporal/build.ts';

/** The Helm that renders the chart. */
export const HELM: GoProgram = {
  name: 'Helm',
  package: 'helm.sh/helm/v4/cmd/helm',
  version: '4.3.2',
  duration: 'about 2 minutes',
};
