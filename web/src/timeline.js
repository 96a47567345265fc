// Each row at its first date; a second column of dates makes it a span.

import { extent } from "d3-array";
import { axisTop } from "d3-axis";
import { scaleUtc } from "d3-scale";
import { create } from "d3-selection";
import { columns, day, name, naming } from "./read.js";
import { note } from "./views.js";

const MOST_ROWS = 200;
const [WIDTH, LEFT, RIGHT, TOP, ROW] = [960, 300, 20, 28, 18];
const LONGEST_LABEL = 46;

/** Return the elements of the timeline, or nothing where no column holds dates. */
export function draw(rows) {
  const dated = columns(rows, day);
  if (dated.length === 0) return null;
  const [from, to = from] = dated;
  const label = naming(rows, dated);
  const marks = rows.map((row) => ({ label: name(row[label]), from: day(row[from]) ?? day(row[to]), to: day(row[to]) ?? day(row[from]), row }))
    .filter((mark) => mark.from).sort((one, other) => one.from - other.from);
  const caption = [label, from, ...(to === from ? [] : [to])].filter(Boolean).join(", ");
  const shown = marks.slice(0, MOST_ROWS);
  return [note(caption, "h3"), svg(shown, caption, from, to), ...(marks.length > MOST_ROWS ? [note(`${MOST_ROWS} / ${marks.length}`)] : [])];
}

function svg(marks, caption, from, to) {
  const height = TOP + marks.length * ROW + 6;
  const x = scaleUtc(extent(marks.flatMap((mark) => [mark.from, mark.to])), [LEFT, WIDTH - RIGHT]).nice();
  const y = (place) => TOP + place * ROW + ROW / 2;
  const picture = create("svg:svg").attr("viewBox", `0 0 ${WIDTH} ${height}`).attr("role", "img").attr("aria-label", caption);
  picture.append("g").attr("class", "axis").attr("transform", `translate(0,${TOP - 4})`).call(axisTop(x).ticks(8));
  const row = picture.selectAll("g.mark").data(marks).join("g").attr("class", "mark");
  row.append("title").text((mark) => `${mark.label}: ${[mark.row[from], mark.row[to]].map((term) => term?.value ?? "").join(" – ")}`);
  row.append("line").attr("class", "guide").attr("x1", LEFT).attr("x2", WIDTH - RIGHT).attr("y1", (_, place) => y(place)).attr("y2", (_, place) => y(place));
  row.append("line").attr("class", "span").attr("x1", (mark) => x(mark.from)).attr("x2", (mark) => x(mark.to)).attr("y1", (_, place) => y(place)).attr("y2", (_, place) => y(place));
  row.append("circle").attr("r", 4).attr("cx", (mark) => x(mark.from)).attr("cy", (_, place) => y(place));
  row.append("text").attr("x", LEFT - 8).attr("y", (_, place) => y(place)).attr("dy", "0.35em").attr("text-anchor", "end")
    .text((mark) => (mark.label.length > LONGEST_LABEL ? `${mark.label.slice(0, LONGEST_LABEL - 1)}…` : mark.label));
  return picture.node();
}
