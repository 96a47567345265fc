// Countries that the answer names, shaded by their number or by how many rows name them, and points that it gives as WKT or as two numbers.

import { max, rollup, sum } from "d3-array";
import { geoNaturalEarth1, geoPath } from "d3-geo";
import { scaleSqrt } from "d3-scale";
import { create } from "d3-selection";
import { feature } from "topojson-client";
import atlas from "world-atlas/countries-110m.json";
import { columns, name, naming, number } from "./read.js";
import { note } from "./views.js";

const [WIDTH, HEIGHT] = [960, 480];
const POINT = /POINT\s*Z?\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)/i;
const COUNTRIES = feature(atlas, atlas.objects.countries).features;
// The names of the atlas that are not the usual ones in English.
const USUAL = { "United States of America": "United States", "Dem. Rep. Congo": "Democratic Republic of the Congo", "Central African Rep.": "Central African Republic", "Dominican Rep.": "Dominican Republic", "Czechia": "Czech Republic", "Bosnia and Herz.": "Bosnia and Herzegovina" };

/** Return the elements of the map, or nothing where the answer names neither a country nor a point. */
export function draw(rows) {
  const points = rows.flatMap(point);
  const counted = countries(rows);
  if (points.length === 0 && counted.size === 0) return null;
  const picture = svg(counted, points);
  const listed = [...counted].sort((one, other) => other[1] - one[1]).map(([country, count]) => `${country} ${count}`);
  return [picture, note([...listed, ...points.map((one) => one.label)].join(", "))];
}

function countries(rows) {
  const known = new Set(COUNTRIES.flatMap(({ properties }) => names(properties.name)));
  const [measure] = columns(rows, number);
  const named = rows.flatMap((row) =>
    [...new Set(Object.values(row).map(plain).filter((word) => known.has(word)))].map((country) => [country, measure ? number(row[measure]) ?? 0 : 1]),
  );
  return rollup(named, (group) => sum(group, ([, weight]) => weight), ([country]) => country);
}

function plain(term) {
  const slug = name(term);
  // "country-united-states" is how this graph names one.
  return term?.type === "uri" && slug.startsWith("country-")
    ? slug.slice(8).split("-").map((word) => word[0]?.toUpperCase() + word.slice(1)).join(" ")
    : slug;
}

function names(country) {
  return USUAL[country] ? [country, USUAL[country]] : [country];
}

function point(row) {
  const columnsOf = Object.keys(row);
  const label = name(row[naming([row], [])]);
  for (const column of columnsOf) {
    const found = row[column] && POINT.exec(row[column].value);
    if (found) return [{ label, place: [Number(found[1]), Number(found[2])] }];
  }
  const [latitude, longitude] = [/^lat/i, /^lon/i].map((pattern) => columnsOf.find((column) => pattern.test(column)));
  const place = [longitude, latitude].map((column) => column && number(row[column]));
  return place.every((one) => typeof one === "number") ? [{ label, place }] : [];
}

function svg(counted, points) {
  const projection = geoNaturalEarth1().fitSize([WIDTH, HEIGHT], { type: "Sphere" });
  const path = geoPath(projection);
  const shade = scaleSqrt([0, max(counted.values()) || 1], [0.15, 1]);
  const count = ({ properties }) => names(properties.name).reduce((sum, one) => sum + (counted.get(one) ?? 0), 0);
  const picture = create("svg:svg").attr("viewBox", `0 0 ${WIDTH} ${HEIGHT}`).attr("role", "img")
    .attr("aria-label", [...counted.keys(), ...points.map((one) => one.label)].join(", "));
  const land = picture.selectAll("path").data(COUNTRIES).join("path").attr("d", path)
    .attr("class", (one) => (count(one) ? "land named" : "land")).attr("fill-opacity", (one) => (count(one) ? shade(count(one)) : null));
  land.append("title").text((one) => (count(one) ? `${one.properties.name}: ${count(one)}` : one.properties.name));
  const drawn = points.map((one) => ({ ...one, at: projection(one.place) })).filter((one) => one.at);
  picture.selectAll("circle").data(drawn).join("circle").attr("r", 5).attr("cx", (one) => one.at[0]).attr("cy", (one) => one.at[1])
    .append("title").text((one) => one.label);
  return picture.node();
}
