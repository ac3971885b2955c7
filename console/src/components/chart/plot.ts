import type { ChartData, ChartLook } from './chart-data.ts';
import { collectValues, createScale, type Scale } from './scale.ts';

/** Where things are in a drawing, in pixels. */
export interface Plot {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  scale: Scale;
  /** Width of a category. */
  step: number;
  /** The middle of a category. */
  x(index: number): number;
  y(value: number): number;
}

const TOP = 8;
const RIGHT = 8;
const BELOW = 24;
/** About the width of a character of the axis. */
const CHARACTER = 7;

export function createPlot(data: ChartData, look: ChartLook, width: number, height: number): Plot {
  const scale = createScale(collectValues(data), look.max === undefined ? {} : { max: look.max });
  const longest = Math.max(...scale.ticks.map((tick) => look.formatAxis(tick).length));
  const left = longest * CHARACTER + 10;
  const bottom = height - BELOW;
  const right = width - RIGHT;
  const step = (right - left) / Math.max(1, data.categories.length);
  return {
    width,
    height,
    left,
    right,
    top: TOP,
    bottom,
    scale,
    step,
    x: (index) => left + (index + 0.5) * step,
    y: (value) => bottom - scale.place(value) * (bottom - TOP),
  };
}
