"use strict";
(() => {
  const words = document.body.dataset;

  // A number as it is sorted: 1,792 and 25%, 56x56x64 by what is in it; null for words.
  const number = (text) => {
    const plain = text.replace(/[,\s%*+]/g, "");
    if (!/^-?[\d.]+(x-?[\d.]+)*$/.test(plain)) return null;
    return plain.split("x").reduce((product, each) => product * Number(each), 1);
  };
  const shown = (row, column) => (row.cells[column] ? row.cells[column].textContent.trim() : "");
  const compare = (one, other) => {
    const [a, b] = [number(one), number(other)];
    if (a !== null && b !== null) return a - b;
    if (a !== null || b !== null) return a === null ? -1 : 1;
    return one.localeCompare(other);
  };

  // Rows with what is below each: the rows that stand in its fold, its working.
  const nested = (rows) => {
    const top = [];
    const folds = new Map();
    for (const row of rows) {
      const around = [...row.classList].filter((name) => name !== "w");
      const list = around.length ? folds.get(around[around.length - 1]) : top;
      if (row.classList.contains("w")) {
        list[list.length - 1].working = row;
        continue;
      }
      const entry = { row, below: [], working: null };
      const box = row.querySelector("input.f");
      if (box) folds.set(box.id, entry.below);
      list.push(entry);
    }
    return top;
  };
  const place = (body, entries, order) => {
    for (const entry of order ? [...entries].sort(order) : entries) {
      body.append(entry.row);
      if (entry.working) body.append(entry.working);
      place(body, entry.below, order);
    }
  };

  const button = (says, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = says;
    made.addEventListener("click", () => act(made));
    return made;
  };
  const tools = (before, ...buttons) => {
    const line = document.createElement("div");
    line.className = "tools";
    line.append(...buttons);
    before.before(line);
  };

  const sortable = (table) => {
    const body = table.tBodies[0];
    const entries = nested([...body.rows]);
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (!head.textContent) return;
      const turn = () => {
        const now = head.getAttribute("aria-sort");
        const next = { descending: "ascending", ascending: "" }[now] ?? "descending";
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        if (next) head.setAttribute("aria-sort", next);
        table.classList.toggle("sorted", Boolean(next));
        const sign = next === "descending" ? -1 : 1;
        const order = (a, b) => sign * compare(shown(a.row, column), shown(b.row, column));
        place(body, entries, next ? order : null);
      };
      const made = document.createElement("span"); // a button would not be printed on each page
      made.textContent = head.textContent;
      made.title = words.sort;
      made.tabIndex = 0;
      made.setAttribute("role", "button");
      made.addEventListener("click", turn);
      made.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        turn();
      });
      head.replaceChildren(made);
    });
    const folds = [...table.querySelectorAll("input.f")];
    if (!folds.length) return;
    const all = (open) => () => folds.forEach((box) => { box.checked = open; });
    tools(table.parentElement, button(words.open, all(true)), button(words.close, all(false)));
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea"); // a page opened from a disk may not ask
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  const copied = (block) => {
    tools(block, button(words.copy, async (made) => {
      await copy(block.textContent);
      made.textContent = words.copied;
      setTimeout(() => { made.textContent = words.copy; }, 1500);
    }));
  };

  const enrich = (part) => {
    part.querySelectorAll("table").forEach(sortable);
    part.querySelectorAll("pre.copy").forEach(copied);
  };
  enrich(document);
  window.enrich = enrich;
})();
