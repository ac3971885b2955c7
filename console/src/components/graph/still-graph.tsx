import { lazy } from 'react';
import { GraphFrame, type GraphProps } from './graph-frame.tsx';

const Picture = lazy(() =>
  import('./still-picture.tsx').then((module) => ({ default: module.StillPicture })),
);

/** The same as `Graph` with a picture that is scrolled: it is small to load, for pages that load much else. */
export const StillGraph = (props: Omit<GraphProps, 'selected' | 'onSelect'>) => (
  <GraphFrame {...props} Picture={Picture} />
);
