import type { SimulationReport } from '../../protocol/simulation';
import { counterError, latencies, lockNames, type Measure, memory, type Series, seriesOf, system, throughput, utilisation, waiting } from '../../protocol/simulationMeasures';
import { type ChartMark, chartOf, lineChartSvg } from './lineChart';
import { escaped, table, tag } from './markup';
import { measureText } from './measureText';

/** A result as one HTML file: no script, nothing loaded; every chart with its table, every number with what it rests on. */
export function resultPage(report: SimulationReport): string {
  const heading = report.title;
  const body = [
    tag('h1', {}, escaped(heading)),
    tag('p', { class: 'setting' }, escaped(settingText(report))),
    tag('p', { class: 'first' }, escaped(report.summary[0] ?? '')),
    list(report.summary.slice(1)),
    ...charts(report),
    publishedTable(report),
    tag('h2', {}, 'What was assumed'),
    assumptionTable(report),
    tag('h2', {}, 'Notes'),
    list(report.notes),
  ].join('\n');
  const policy = tag('meta', { 'http-equiv': 'Content-Security-Policy', content: "default-src 'none'; style-src 'unsafe-inline'" }).replace('</meta>', '');
  return `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="UTF-8">\n${policy}\n<title>${escaped(heading)}</title>\n<style>${style}</style>\n</head>\n<body>\n<main>\n${body}\n</main>\n</body>\n</html>\n`;
}

export function settingText({ points, seed, replications }: SimulationReport): string {
  const all = (of: (point: SimulationReport['points'][number]) => string): string => [...new Set(points.map(of))].join(', ');
  return `Linux ${all(({ kernel }) => kernel)}; ${all(({ machine }) => machine)}; seed ${String(seed)}; ${String(replications)} runs a point. All of a machine's CPUs are possible and online.`;
}

/** The throughput chart alone, as SVG. */
export function throughputSvg(report: SimulationReport): string {
  return `${lineChartSvg({ ...chartOf(throughput, seriesOf(report.points), marks(report)), title: `${report.title}: throughput`, axis: `${report.operation} per second` })}\n`;
}

function charts(report: SimulationReport): string[] {
  const series = seriesOf(report.points);
  const perSeries = series.flatMap((one) => lockSection(one, series.length > 1));
  return [
    section({ ...throughput, axis: `${report.operation} per second` }, series, marks(report)),
    ...latencies.filter(({ id }) => id === 'latency-p50' || id === 'latency-p99').map((measure) => section(measure, series)),
    ...perSeries,
    section(waiting, series), section(system, series), section(memory, series),
    ...(series.some(({ points }) => points.some((point) => counterError.value(point) !== null)) ? [section(counterError, series)] : []),
  ];
}

function section(measure: Measure, series: readonly Series[], published: readonly ChartMark[] = []): string {
  const chart = chartOf(measure, series, published);
  const cpus = [...new Set(series.flatMap(({ points }) => points.map((point) => point.cpus)))].sort((a, b) => a - b);
  const rows = cpus.map((count) => [String(count), ...series.map((one) => cell(measure, one, count))]);
  return tag('section', {}, [
    tag('h2', {}, escaped(measure.title)), lineChartSvg(chart, false), table(`${measure.title} by CPUs`, ['CPUs', ...series.map(({ name }) => name)], rows),
  ].join('\n'));
}

function cell(measure: Measure, { points }: Series, cpus: number): string {
  const point = points.find((one) => one.cpus === cpus);
  if (point === undefined) return 'not run';
  const band = measure.band(point);
  const text = measureText(measure.value(point), measure.unit);
  return band === null ? text : `${text} (${measureText(band.low, measure.unit)} – ${measureText(band.high, measure.unit)})`;
}

/** The locks of one line are the lines of a chart of their own. */
function lockSection(series: Series, several: boolean): string[] {
  const names = lockNames(series.points);
  if (names.length === 0) return [];
  const title = several ? `Locks held, ${series.name}` : 'Locks held';
  const chart = { title, axis: 'share of the time', unit: 'ratio' as const, marks: [], lines: names.flatMap((name) => chartOf(utilisation(name), [{ ...series, name }]).lines) };
  const head = ['CPUs', ...names.flatMap((name) => [`${name} held`, 'mean wait'])];
  const rows = series.points.map((point) => [String(point.cpus), ...names.flatMap((name) => [
    measureText(point.locks[name]?.utilisation ?? null, 'ratio'), measureText(point.locks[name]?.mean_wait_ns ?? null, 'ns'),
  ])]);
  return [tag('section', {}, [tag('h2', {}, escaped(title)), lineChartSvg(chart, false), table(title, head, rows)].join('\n'))];
}

function marks({ published }: SimulationReport): ChartMark[] {
  return published.map((point) => ({ cpus: point.cpus, value: point.throughput_per_s, label: `${point.machine}, Linux ${point.kernel}` }));
}

function publishedTable({ published }: SimulationReport): string {
  if (published.length === 0) return '';
  const head = ['CPUs', 'by', 'throughput', 'strategies', 'kernel', 'machine', 'use here', 'source', 'note'];
  const rows = published.map((one) => [
    String(one.cpus), String(one.clients), measureText(one.throughput_per_s, '1/s'), one.strategies.join('+') || 'baseline', one.kernel, one.machine, one.use, one.source, one.note,
  ]);
  return `${tag('h2', {}, 'Published figures')}\n${table('Published throughputs, each on its own machine and kernel', head, rows)}`;
}

function assumptionTable({ assumptions }: SimulationReport): string {
  const rows = assumptions.map(({ label, unit, low, mid, high, changed, source }) => {
    const text = (value: number): string => (unit === 'ns' ? measureText(value, 'ns') : String(value));
    return [label, changed === null ? text(mid) : `${text(changed)} (set)`, `${text(low)} – ${text(high)}`, source];
  });
  return table('Assumptions', ['assumption', 'taken', 'low – high', 'source'], rows);
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : tag('ul', {}, items.map((item) => tag('li', {}, escaped(item))).join(''));
}

const style = `
:root { color-scheme: light; }
body { margin: 0; font: 14px/1.45 system-ui, sans-serif; color: #222; background: #fff; }
main { max-width: 980px; margin: 24px auto; padding: 0 16px; }
h1 { font-size: 20px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 28px 0 6px; }
.setting { color: #555; margin: 0 0 12px; } .first { font-size: 16px; }
svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; margin: 8px 0; display: block; overflow-x: auto; }
caption { text-align: left; color: #555; padding: 2px 0; }
th, td { border-bottom: 1px solid #ddd; padding: 3px 10px 3px 0; text-align: left; vertical-align: top; font-variant-numeric: tabular-nums; }
`;
