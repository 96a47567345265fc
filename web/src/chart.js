// A bar for each row that has a number; without numbers, a bar for each value of a column and how often it comes.

import { max, rollups } from "d3-array";
import { axisTop } from "d3-axis";
import { scaleBand, scaleLinear } from "d3-scale";
import { create } from "d3-selection";
import { columns, name, naming, number } from "./read.js";
import { note } from "./views.js";

const MOST_BARS = 60;
const [WIDTH, LEFT, RIGHT, TOP, BAR] = [960, 300, 60, 28, 22];
const LONGEST_LABEL = 44;

/** Return the elements of the chart, or nothing where there is nothing to count. */
export function draw(rows) {
  if (rows.length === 0) return null;
  const [measure] = columns(rows, number);
  const label = naming(rows, measure ? [measure] : []) ?? measure;
  const bars = measure ? rows.map((row) => [name(row[label]), number(row[measure]) ?? 0]) : tally(rows, label);
  const shown = bars.slice(0, MOST_BARS);
  const caption = measure ? `${label}: ${measure}` : `${label}: rows`;
  return [note(caption, "h3"), svg(shown, caption), ...(bars.length > MOST_BARS ? [note(`${MOST_BARS} / ${bars.length}`)] : [])];
}

function tally(rows, label) {
  const counted = rollups(rows, (group) => group.length, (row) => name(row[label]));
  return counted.sort((one, other) => other[1] - one[1]);
}

function svg(bars, caption) {
  const height = TOP + bars.length * BAR;
  const least = Math.min(0, ...bars.map((bar) => bar[1]));
  const x = scaleLinear([least, max(bars, (bar) => bar[1]) || 1], [LEFT, WIDTH - RIGHT]).nice();
  const y = scaleBand(bars.map((_, place) => place), [TOP, height]).padding(0.2);
  const picture = create("svg:svg").attr("viewBox", `0 0 ${WIDTH} ${height}`).attr("role", "img").attr("aria-label", caption);
  picture.append("g").attr("class", "axis").attr("transform", `translate(0,${TOP - 4})`).call(axisTop(x).ticks(6));
  const row = picture.selectAll("g.bar").data(bars).join("g").attr("class", "bar");
  row.append("title").text(([label, value]) => `${label}: ${value}`);
  row.append("rect").attr("x", ([, value]) => x(Math.min(0, value))).attr("y", (_, place) => y(place))
    .attr("width", ([, value]) => Math.abs(x(value) - x(0))).attr("height", y.bandwidth());
  row.append("text").attr("x", LEFT - 8).attr("y", (_, place) => y(place) + y.bandwidth() / 2).attr("dy", "0.35em")
    .attr("text-anchor", "end").text(([label]) => cut(label));
  row.append("text").attr("x", ([, value]) => x(Math.max(0, value)) + 5).attr("y", (_, place) => y(place) + y.bandwidth() / 2)
    .attr("dy", "0.35em").text(([, value]) => value);
  return picture.node();
}

function cut(label) {
  return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label;
}
