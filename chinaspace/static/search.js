// Offer things while somebody types into the search field; without this file the field leads to a page of results.
"use strict";
(() => {
  const field = document.getElementById("find");
  if (!field || !field.form) return;
  const list = document.createElement("ul");
  list.id = "offers";
  list.className = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.form.textContent.trim().split("\n")[0]);
  field.form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "offers"], ["aria-expanded", "false"]]) {
    field.setAttribute(name, value);
  }
  let timer = 0, asked = null, at = -1;

  const close = () => {
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (index) => {
    const options = [...list.children];
    if (!options.length) return;
    at = (index + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    options[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[at].id);
  };

  const show = (offers) => {
    list.replaceChildren(...offers.filter((offer) => offer.address).map((offer, place) => {
      const option = document.createElement("li");
      option.id = `offer-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = [offer.label, offer.other].filter(Boolean).join(" ");
      if (offer.kind) {
        const kind = document.createElement("small");
        kind.textContent = ` · ${offer.kind}`;
        option.append(kind);
      }
      option.dataset.address = offer.address;
      return option;
    }));
    at = -1;
    list.hidden = !list.children.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
  };

  const ask = async () => {
    const typed = field.value.trim();
    if (asked) asked.abort();
    if (!typed) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`${field.form.action}.json?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
      if (answer.ok) show(await answer.json());
    } catch {
      close();
    }
  };

  const go = (option) => { location.assign(option.dataset.address); };

  field.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  field.addEventListener("compositionend", ask);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      choose(at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1));
      event.preventDefault();
    } else if (event.key === "Enter" && at >= 0) {
      go(list.children[at]);
      event.preventDefault();
    } else if (event.key === "Escape") {
      close();
      event.preventDefault();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
  field.addEventListener("blur", close);
})();
