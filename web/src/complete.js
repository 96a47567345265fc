// What the editor offers to complete: prefixes of the project, and the terms and things of the graph that is served.

import Yasqe from "@zazuko/yasqe";

// Beyond this, a list helps nobody.
const MOST = 30;
// Terms are asked for once, and a graph that takes long to list them is done without.
const TERMS = {
  property: "SELECT DISTINCT ?term WHERE { ?s ?term ?o } LIMIT 2000",
  class: "SELECT DISTINCT ?term WHERE { ?s a ?term } LIMIT 2000",
};

/** Put our sources of completions in the place of those of the editor, which ask foreign hosts. */
export function offerCompletions(endpoint, prefixes) {
  Yasqe.forkAutocompleter("prefixes", {
    name: "prefixes",
    persistenceId: undefined,
    get: () => Object.entries(prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`),
  });
  for (const kind of ["property", "class"])
    Yasqe.forkAutocompleter(kind, { name: kind, bulk: true, get: () => ask(endpoint, TERMS[kind]) });
  Yasqe.forkAutocompleter("class", {
    name: "thing",
    bulk: false,
    isValidCompletionPosition: (editor) => names(editor.getCompleteToken().string),
    get: (_, token) => things(endpoint, token?.autocompletionString ?? ""),
  });
  return ["prefixes", "class", "property", "thing", "variables"];
}

function names(token) {
  return /^(<|[A-Za-z][\w-]*:)/.test(token);
}

async function things(endpoint, begun) {
  // What stands between quotation marks of the query must not end them.
  if (!begun || /["\\<>{}|^`\s]/.test(begun)) return [];
  const query = `SELECT DISTINCT ?term WHERE { ?term a ?kind FILTER ( STRSTARTS(STR(?term), "${begun}") ) }`;
  return ask(endpoint, `${query} ORDER BY ?term LIMIT ${MOST}`);
}

async function ask(endpoint, query) {
  const address = `${endpoint}?query=${encodeURIComponent(query)}`;
  const answer = await fetch(address, { headers: { Accept: "application/sparql-results+json" } });
  if (!answer.ok) return [];
  const { results } = await answer.json();
  return results.bindings.filter(({ term }) => term?.type === "uri").map(({ term }) => term.value).sort();
}
