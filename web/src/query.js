// Makes the field of the query page an editor, and offers views of an answer; without this script both still work.

import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import "./query.css";
import { offerCompletions } from "./complete.js";
import { offerViews } from "./views.js";

// An address can be shared only while servers and programs still take it; a longer query is posted.
const LONGEST_ADDRESS = 8000;

const form = document.querySelector("form.query");
if (form) edit(form);
const answer = document.querySelector(".answer");
if (answer) offerViews(answer);

function edit(form) {
  const field = form.querySelector("textarea");
  const { prefixes } = JSON.parse(document.getElementById("editor").textContent);
  const place = document.createElement("div");
  form.querySelector(".field").after(place);
  const editor = new Yasqe(place, {
    value: field.value,
    autocompleters: offerCompletions(form.getAttribute("action"), prefixes),
    collapsePrefixesOnLoad: false,
    consumeShareLink: null,
    createShareableLink: undefined,
    editorHeight: "auto",
    lineWrapping: true,
    persistenceId: null,
    resizeable: false,
    showQueryButton: false,
    viewportMargin: Infinity,
  });
  form.querySelector(".field").hidden = true;
  field.required = false; // a hidden field that lacks its value would keep the form from being sent, and say nothing
  dress(editor, field);
  const send = () => form.requestSubmit();
  editor.setOption("extraKeys", { ...editor.getOption("extraKeys"), "Ctrl-Enter": send, "Cmd-Enter": send, "Ctrl-S": send, Tab: false, "Shift-Tab": false });
  form.addEventListener("submit", () => {
    field.value = editor.getValue();
    form.method = encodeURIComponent(field.value).length > LONGEST_ADDRESS ? "post" : "get";
  });
}

/** Name the editor for those who do not see it, and take away what only a mouse could reach. */
function dress(editor, field) {
  const input = editor.getInputField();
  input.setAttribute("aria-label", field.labels[0].firstChild.textContent.trim());
  input.setAttribute("aria-describedby", "editor-help");
  editor.getWrapperElement().querySelector(".yasqe_buttons")?.remove();
  editor.getScrollerElement().setAttribute("tabindex", "-1");
}
