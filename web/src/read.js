// What the values of an answer mean to a drawing: numbers, days, places, names.

const NUMBER = /#(integer|decimal|double|float|int|long|nonNegativeInteger|positiveInteger|short|byte)$/;
// A date of XML Schema or the plain forms of EDTF that have a year, a month or a day; the end of an interval is left out.
const DAY = /^(-?\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?[~?%]?(?:\/.*)?$/;

/** Return the number that a value is, or null. */
export function number(term) {
  return term?.type === "literal" && NUMBER.test(term.datatype ?? "") ? Number(term.value) : null;
}

/** Return the first day that a date can mean, as a Date, or null. */
export function day(term) {
  const dated = /(#(date|dateTime|gYear|gYearMonth)|EDTF)$/.test(term?.datatype ?? "");
  const found = dated && DAY.exec(term.value);
  return found ? new Date(Date.UTC(Number(found[1]), Number(found[2] ?? 1) - 1, Number(found[3] ?? 1))) : null;
}

/** Return the text that stands for a value in a drawing. */
export function name(term) {
  if (!term) return "";
  return term.type === "uri" ? decodeURI(term.value.replace(/[/#]$/, "")).replace(/^.*[/#]/, "") : term.value;
}

/** Return the columns of which at least half of the values that there are can be read by *read*. */
export function columns(rows, read) {
  return Object.keys(rows[0] ?? {}).filter((column) => {
    const bound = rows.filter((row) => row[column]);
    return bound.length > 0 && bound.filter((row) => read(row[column]) !== null).length * 2 >= bound.length;
  });
}

/** Return the column whose words name a row best: the first that is text, else the first that is not one of *others*. */
export function naming(rows, others) {
  const left = Object.keys(rows[0] ?? {}).filter((column) => !others.includes(column));
  const text = left.find((column) => rows.some((row) => row[column]?.type === "literal"));
  return text ?? left[0];
}
