// The other views of an answer: a chart, a timeline, a map. Each is loaded when it is first asked for.

const VIEWS = {
  chart: () => import("./chart.js"),
  timeline: () => import("./timeline.js"),
  map: () => import("./map.js"),
};
// A drawing of more rows than this can no longer be read.
const MOST_ROWS = 2000;

/** Let the buttons above an answer choose how it is shown. */
export function offerViews(answer) {
  if (!answer.querySelector(".views")) return;
  const buttons = answer.querySelectorAll("button[data-view]");
  const table = answer.querySelector(".table");
  const drawing = answer.querySelector(".drawing");
  answer.querySelector(".views").hidden = false;
  let rows;
  const show = async (view) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    table.hidden = view !== "table";
    drawing.hidden = view === "table";
    if (view === "table") return;
    drawing.replaceChildren();
    rows ??= await ask(answer.dataset.endpoint, answer.dataset.asked);
    const { draw } = await VIEWS[view]();
    drawing.replaceChildren(...(draw(rows.slice(0, MOST_ROWS)) ?? [note(drawing.dataset[`no${view}`])]));
  };
  for (const button of buttons)
    button.addEventListener("click", () => {
      history.replaceState(null, "", `#${button.dataset.view}`); // so that the address keeps the view
      show(button.dataset.view).catch((fault) => drawing.replaceChildren(note(String(fault.message))));
    });
  const named = location.hash.slice(1);
  if (named in VIEWS) answer.querySelector(`button[data-view="${named}"]`).click();
}

/** Return an element with text in it, which is never taken for markup. */
export function note(text, tag = "p") {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

async function ask(endpoint, asked) {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { Accept: "application/sparql-results+json", "Content-Type": "application/x-www-form-urlencoded" },
    body: asked,
  });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  const { head, results } = await answer.json();
  return results.bindings.map((row) => Object.fromEntries(head.vars.map((name) => [name, row[name]])));
}
