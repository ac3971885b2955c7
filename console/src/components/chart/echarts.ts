import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendScrollComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, CustomChart, GridComponent, TooltipComponent, LegendScrollComponent, SVGRenderer]);

/** Draws into an element. Only what charts of the console use is bundled. */
export const drawInto = (element: HTMLElement) => init(element, null, { renderer: 'svg' });
