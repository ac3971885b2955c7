import { lazy } from 'react';
import { GraphFrame, type GraphProps } from './graph-frame.tsx';

const Picture = lazy(() => import('./picture.tsx').then((module) => ({ default: module.Picture })));

/**
 * Steps and where they lead: as a picture that is dragged and zoomed, or as a list with the same content. A narrow screen
 * begins with the list. The picture is loaded when it is shown.
 */
export const Graph = (props: GraphProps) => <GraphFrame {...props} Picture={Picture} searchable />;
