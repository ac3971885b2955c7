import { type ChartData, type ChartLook, writeValue } from './chart-data.ts';

/** The rows of a chart as a table: what is drawn, in numbers. Goes inside of a `table`. */
export function ChartRows({ data, look, axis }: { data: ChartData; look: ChartLook; axis: string }) {
  const { categories, series } = data;
  return (
    <>
      <thead>
        <tr>
          <th scope="col">{axis}</th>
          {series.map(({ id, name }) => (
            <th key={id} scope="col" data-number>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {categories.map((category, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two categories may have the same name
          <tr key={index}>
            <th scope="row">{category}</th>
            {series.map((row) => (
              <td key={row.id} data-number>
                {writeValue(row, index, look.format)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </>
  );
}
